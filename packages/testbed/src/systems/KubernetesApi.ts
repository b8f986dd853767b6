import { request } from 'node:https';
import { ServiceUnavailableError } from '@backstage/errors';

const REQUEST_MS = 20_000;

/** Talks to the API server of the bed as somebody, its administrator for instance. */
export class KubernetesApi {
  readonly #options: {
    url: string;
    token: string;
    certificateAuthority: string;
  };

  constructor(options: {
    url: string;
    token: string;
    certificateAuthority: string;
  }) {
    this.#options = options;
  }

  /** @throws ServiceUnavailableError when there is none */
  get(path: string): Promise<string> {
    return this.#send('GET', path);
  }

  /** Makes an object of a list. */
  create(path: string, object: object): Promise<string> {
    return this.#send('POST', path, JSON.stringify(object), 'application/json');
  }

  /** Makes an object, or makes it so. */
  apply(path: string, yaml: string): Promise<string> {
    return this.#send(
      'PATCH',
      `${path}?fieldManager=testbed&force=true`,
      yaml,
      'application/apply-patch+yaml',
    );
  }

  /** Changes an object in the way that `kubectl edit` does. */
  edit(path: string, change: object): Promise<string> {
    return this.#send(
      'PATCH',
      `${path}?fieldManager=kubectl-edit`,
      JSON.stringify(change),
      'application/strategic-merge-patch+json',
    );
  }

  #send(
    method: string,
    path: string,
    body?: string,
    contentType?: string,
  ): Promise<string> {
    const { url, token, certificateAuthority } = this.#options;
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
            ...(contentType && { 'content-type': contentType }),
          },
        },
        response => {
          const parts: string[] = [];
          response.setEncoding('utf8');
          response.on('data', (part: string) => parts.push(part));
          response.on('error', reject);
          response.on('end', () => {
            const text = parts.join('');
            const status = response.statusCode ?? 0;
            if (status >= 200 && status < 300) {
              resolve(text);
            } else {
              reject(
                new ServiceUnavailableError(
                  `${method} ${path} of Kubernetes answered ${status}: ${text.slice(
                    0,
                    300,
                  )}`,
                ),
              );
            }
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}
