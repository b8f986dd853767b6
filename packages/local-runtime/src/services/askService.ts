import { Agent, request } from 'node:http';

const TIMEOUT_MS = 2_000;
const MAX_BYTES = 2 * 1024 * 1024;
const agent = new Agent({ keepAlive: false });

/** Where a service listens. */
export interface ServiceTarget {
  host: string;
  port: number;
}

/**
 * Asks a service something small, within 2 s and 2 MiB.
 *
 * @returns undefined when it does not answer in these bounds
 */
export function askService(
  target: ServiceTarget,
  path: string,
): Promise<{ status: number; text: string } | undefined> {
  return new Promise(resolve => {
    const asked = request(
      {
        ...target,
        path,
        agent,
        headers: { 'user-agent': 'portico-local-runtime' },
      },
      response => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > MAX_BYTES) {
            asked.destroy();
            finish(undefined);
            return;
          }
          chunks.push(chunk);
        });
        response.once('end', () =>
          finish({
            status: response.statusCode ?? 0,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
        response.once('error', () => finish(undefined));
      },
    );
    const timer = setTimeout(() => {
      asked.destroy();
      finish(undefined);
    }, TIMEOUT_MS);
    function finish(answer: { status: number; text: string } | undefined) {
      clearTimeout(timer);
      resolve(answer);
    }
    asked.once('error', () => finish(undefined));
    asked.end();
  });
}
