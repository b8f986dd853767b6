import { request } from 'node:https';
import { type BedState } from '@portico/testbed';
import { z } from 'zod';

const REQUEST_MS = 20_000;

const statusSchema = z.object({ message: z.string() });

/** What the API server answered. */
export interface ClusterAnswer {
  status: number;
  body: unknown;
  /** What it let pass, and said of it. */
  warnings: string[];
}

/** Talks to the API server of the bed, and tells refusals from answers. */
export class Cluster {
  readonly #server: NonNullable<BedState['kubernetes']>;

  constructor(server: NonNullable<BedState['kubernetes']>) {
    this.#server = server;
  }

  get kubeconfig(): string {
    return this.#server.kubeconfig;
  }

  /** @throws Error with what the API server said, when it refuses */
  async ask(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
  ): Promise<unknown> {
    const answer = await this.send(method, path, body);
    if (answer.status >= 300) {
      throw new Error(`${method} ${path}: ${answer.status} ${said(answer)}`);
    }
    return answer.body;
  }

  /** Whatever the answer is. */
  send(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
  ): Promise<ClusterAnswer> {
    const { url, token, certificateAuthority } = this.#server;
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `${url}${path}`,
        {
          method,
          ca: certificateAuthority,
          signal: AbortSignal.timeout(REQUEST_MS),
          headers: {
            authorization: `Bearer ${token}`,
            accept: 'application/json',
            ...(body && {
              'content-type':
                method === 'PATCH'
                  ? 'application/merge-patch+json'
                  : 'application/json',
            }),
          },
        },
        response => {
          const parts: string[] = [];
          response.setEncoding('utf8');
          response.on('data', (part: string) => parts.push(part));
          response.on('error', reject);
          response.on('end', () => {
            const text = parts.join('');
            const { warning } = response.headers;
            resolve({
              status: response.statusCode ?? 0,
              body: text ? JSON.parse(text) : undefined,
              warnings: warning ? [warning] : [],
            });
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body && JSON.stringify(body));
    });
  }
}

/** What an answer says in words. */
export function said(answer: ClusterAnswer): string {
  const parsed = statusSchema.safeParse(answer.body);
  return parsed.success ? parsed.data.message : '';
}
