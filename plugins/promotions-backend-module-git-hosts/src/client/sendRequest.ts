import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isError } from '@backstage/errors';

const MOST_BYTES = 16 * 1024 * 1024;

class TooLargeError extends Error {
  override name = 'TooLargeError';
}

/** What came back. */
export interface HttpAnswer {
  outcome: 'answered';
  status: number;
  headers: Record<string, string | undefined>;
  text: string;
}

/** Sends one request, without following where it is sent to. It does not throw. */
export async function sendRequest(options: {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: string | undefined;
  certificateAuthority: string | undefined;
  timeoutMilliseconds: number;
  signal: AbortSignal;
}): Promise<HttpAnswer | { outcome: 'broken'; reason: string }> {
  const { url, body, certificateAuthority } = options;
  try {
    return await new Promise<HttpAnswer>((resolve, reject) => {
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const outgoing = send(
        url,
        {
          method: options.method,
          headers: {
            accept: 'application/json',
            'user-agent': 'Portico',
            ...options.headers,
            ...(body !== undefined && {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(body),
            }),
          },
          ...(certificateAuthority && { ca: certificateAuthority }),
          signal: AbortSignal.any([
            options.signal,
            AbortSignal.timeout(options.timeoutMilliseconds),
          ]),
        },
        response => {
          const chunks: Buffer[] = [];
          let length = 0;
          response.on('data', (chunk: Buffer) => {
            chunks.push(chunk);
            length += chunk.length;
            if (length > MOST_BYTES) {
              response.destroy(new TooLargeError());
            }
          });
          response.on('end', () =>
            resolve({
              outcome: 'answered',
              status: response.statusCode ?? 0,
              headers: Object.fromEntries(
                Object.entries(response.headers).map(([name, value]) => [
                  name,
                  Array.isArray(value) ? value.join(', ') : value,
                ]),
              ),
              text: Buffer.concat(chunks).toString('utf8'),
            }),
          );
          response.on('error', reject);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  } catch (error) {
    return { outcome: 'broken', reason: reasonOf(error) };
  }
}

/** Messages of the network can hold addresses; codes cannot. */
function reasonOf(error: unknown): string {
  if (!isError(error)) {
    return 'unknown error';
  }
  if (error.name === 'AbortError' || error.name === 'TimeoutError') {
    return 'it took too long';
  }
  if (error.name === 'TooLargeError') {
    return 'it says too much';
  }
  return typeof error.code === 'string' ? error.code : 'it broke off';
}
