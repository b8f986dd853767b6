import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isError, ServiceUnavailableError } from '@backstage/errors';
import {
  type Binding,
  type ConfiguredSystem,
} from '@portico/plugin-bindings-node';
import { namespacedPath, type NamespacedResource } from './NamespacedResource';

/** What is asked of a cluster, inside of the namespace of a binding. */
export interface ClusterQuestion {
  resource: NamespacedResource;
  name?: string;
  subresource?: 'log';
  query?: Readonly<Record<string, string>>;
  /** The answer is cut here. */
  maximumBytes: number;
}

/** What a cluster answered. */
export interface ClusterAnswer {
  status: number;
  /** Path that was asked for. */
  path: string;
  body: Buffer;
  /** True where the cluster had more to say. */
  truncated: boolean;
}

/**
 * Reads from clusters. It takes a binding and nothing less: so each request lies in a
 * namespace that the entity's tenant was granted, and each is a `GET`.
 */
export class ClusterReader {
  readonly #systems: ReadonlyMap<string, ConfiguredSystem>;
  readonly #timeout: number;

  constructor(options: {
    systems: ReadonlyMap<string, ConfiguredSystem>;
    /** Milliseconds until an answer has to be there. */
    timeout: number;
  }) {
    this.#systems = options.systems;
    this.#timeout = options.timeout;
  }

  /** @throws ServiceUnavailableError when there is no credential, or no answer */
  async get(
    binding: Binding,
    question: ClusterQuestion,
  ): Promise<ClusterAnswer> {
    const system = this.#systems.get(binding.system.name);
    if (
      system?.kind !== 'kubernetes' ||
      binding.kind !== 'kubernetes-namespace'
    ) {
      throw new ServiceUnavailableError(
        `There is no cluster ${binding.system.name} in the configuration`,
      );
    }
    const token = (await binding.credential())?.token ?? system.readToken;
    if (token === undefined) {
      throw new ServiceUnavailableError(
        `${binding.tenant} has set no credential for the cluster ${system.name}: set one on the page of the bindings`,
      );
    }
    const path = namespacedPath(
      binding.resource,
      question.resource,
      question.name,
      question.subresource,
    );
    const url = new URL(system.url);
    url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`;
    url.search = new URLSearchParams(question.query).toString();
    try {
      const answer = await this.#fetch(url, token, system, question);
      return { ...answer, path };
    } catch (error) {
      throw new ServiceUnavailableError(
        `The cluster ${system.name} gave no answer: ${reasonOf(error)}`,
      );
    }
  }

  #fetch(
    url: URL,
    token: string,
    system: ConfiguredSystem,
    question: ClusterQuestion,
  ): Promise<Omit<ClusterAnswer, 'path'>> {
    return new Promise((resolve, reject) => {
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const outgoing = send(
        url,
        {
          method: 'GET',
          headers: {
            accept: 'application/json, text/plain;q=0.9, */*;q=0.1',
            authorization: `Bearer ${token}`,
          },
          ...(system.certificateAuthority && {
            ca: system.certificateAuthority,
          }),
          signal: AbortSignal.timeout(this.#timeout),
        },
        response => {
          const chunks: Buffer[] = [];
          let length = 0;
          const finish = (truncated: boolean) =>
            resolve({
              status: response.statusCode ?? 0,
              body: Buffer.concat(chunks).subarray(0, question.maximumBytes),
              truncated,
            });
          response.on('data', (chunk: Buffer) => {
            chunks.push(chunk);
            length += chunk.length;
            if (length > question.maximumBytes) {
              finish(true);
              response.destroy();
            }
          });
          response.on('end', () => finish(false));
          response.on('error', reject);
        },
      );
      outgoing.on('error', reject);
      outgoing.end();
    });
  }
}

/** Addresses and certificates are the platform's, so no more than a code is said. */
function reasonOf(error: unknown): string {
  if (!isError(error)) {
    return 'unknown error';
  }
  if (error.name === 'AbortError' || error.name === 'TimeoutError') {
    return 'it took too long';
  }
  return typeof error.code === 'string' ? error.code : 'it broke off';
}
