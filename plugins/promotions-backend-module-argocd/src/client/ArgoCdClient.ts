import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { isError, ServiceUnavailableError } from '@backstage/errors';
import { type ConfiguredSystem } from '@portico/plugin-bindings-node';
import { z } from 'zod';
import {
  type Application,
  applicationSchema,
  errorSchema,
  type ManagedResources,
  managedResourcesSchema,
  type SyncWindows,
  syncWindowsSchema,
} from './application';
import { resourceSchema, type Rollout, rolloutSchema } from './rollout';

const MOST_BYTES = 16 * 1024 * 1024;
/** What is read is tried again; what changes something never is: it is looked for first. */
const PAUSES_MS = [200, 800];
const RETRIED = new Set([429, 502, 503, 504]);

/** One application of one Argo CD, and who asks for it. */
export interface ApplicationAddress {
  system: Pick<ConfiguredSystem, 'name' | 'url' | 'certificateAuthority'>;
  /** The project that the tenant was granted; nothing of another one is ever answered. */
  project: string;
  name: string;
  namespace: string | undefined;
  token: string;
}

/** Argo CD understood, and says no. */
export interface Refusal {
  outcome: 'refused';
  status: number;
  /** Of gRPC; 9 is "not in this state". */
  code: number | undefined;
  message: string;
}

/** An answer, or a refusal. */
export type Answer<T> = { outcome: 'answered'; value: T } | Refusal;

interface Response {
  status: number;
  text: string;
}

/** A rollout of an application. */
export interface RolloutName {
  namespace: string;
  name: string;
}

/** The one version that Argo Rollouts has. */
const ROLLOUT_KIND = {
  group: 'argoproj.io',
  version: 'v1alpha1',
  kind: 'Rollout',
};

/** What a sync is asked with. */
export interface SyncRequest {
  revision: string;
  infos: Array<{ name: string; value: string }>;
}

/**
 * Talks to Argo CD about one application at a time. Each call has a time limit, and what it
 * answers is checked.
 */
export class ArgoCdClient {
  readonly #timeout: number;

  constructor(options: { timeout?: number } = {}) {
    this.#timeout = options.timeout ?? 10_000;
  }

  /** @throws ServiceUnavailableError when it does not answer, or not sensibly */
  async application(
    address: ApplicationAddress,
    signal: AbortSignal,
    options: { refresh?: boolean } = {},
  ): Promise<Answer<Application>> {
    const answer = await this.#read(address, '', applicationSchema, signal, {
      refresh: options.refresh ? 'normal' : undefined,
    });
    // It is asked for by project; this makes sure that it was heard.
    return answer.outcome === 'answered' &&
      answer.value.spec.project !== address.project
      ? {
          outcome: 'refused',
          status: 403,
          code: 7,
          message: 'it belongs to another project',
        }
      : answer;
  }

  /** @throws ServiceUnavailableError when it does not answer, or not sensibly */
  syncWindows(
    address: ApplicationAddress,
    signal: AbortSignal,
  ): Promise<Answer<SyncWindows>> {
    return this.#read(address, '/syncwindows', syncWindowsSchema, signal);
  }

  /** @throws ServiceUnavailableError when it does not answer, or not sensibly */
  managedResources(
    address: ApplicationAddress,
    signal: AbortSignal,
  ): Promise<Answer<ManagedResources>> {
    return this.#read(
      address,
      '/managed-resources',
      managedResourcesSchema,
      signal,
    );
  }

  /** @throws ServiceUnavailableError when it does not answer, or not sensibly */
  async rollout(
    address: ApplicationAddress,
    { namespace, name }: RolloutName,
    signal: AbortSignal,
  ): Promise<Answer<Rollout>> {
    const answer = await this.#read(
      address,
      '/resource',
      resourceSchema,
      signal,
      { ...ROLLOUT_KIND, namespace, resourceName: name },
    );
    if (answer.outcome === 'refused') {
      return answer;
    }
    const parsed = rolloutSchema.safeParse(parseJson(answer.value.manifest));
    if (!parsed.success) {
      throw unavailable(
        address,
        `the rollout ${name} has another form: ${z
          .prettifyError(parsed.error)
          .slice(0, 300)}`,
      );
    }
    return { outcome: 'answered', value: parsed.data };
  }

  /**
   * Runs an action of a rollout, once.
   *
   * @param action - as Argo CD names it, `promote-full`
   * @throws ServiceUnavailableError when it does not answer; it may be done all the same
   */
  async runRolloutAction(
    address: ApplicationAddress,
    { namespace, name }: RolloutName,
    action: string,
    signal: AbortSignal,
  ): Promise<Answer<unknown>> {
    const response = await this.#send(
      address,
      'POST',
      urlOf(address, '/resource/actions/v2'),
      signal,
      JSON.stringify({
        ...ROLLOUT_KIND,
        name: address.name,
        namespace,
        resourceName: name,
        action,
        project: address.project,
        ...(address.namespace && { appNamespace: address.namespace }),
      }),
    );
    return parseAnswer(address, response, z.object({}));
  }

  /**
   * Asks for a sync, once.
   *
   * @throws ServiceUnavailableError when it does not answer; it may have begun all the same
   */
  async sync(
    address: ApplicationAddress,
    request: SyncRequest,
    signal: AbortSignal,
  ): Promise<Answer<Application>> {
    const response = await this.#send(
      address,
      'POST',
      urlOf(address, '/sync'),
      signal,
      JSON.stringify({
        revision: request.revision,
        infos: request.infos,
        // What is in no manifest is only deleted by those who look at it.
        prune: false,
        project: address.project,
        ...(address.namespace && { appNamespace: address.namespace }),
      }),
    );
    return parseAnswer(address, response, applicationSchema);
  }

  async #read<T>(
    address: ApplicationAddress,
    path: string,
    schema: z.ZodType<T>,
    signal: AbortSignal,
    query: Record<string, string | undefined> = {},
  ): Promise<Answer<T>> {
    const url = urlOf(address, path);
    for (const [name, value] of Object.entries({
      project: address.project,
      appNamespace: address.namespace,
      ...query,
    })) {
      if (value !== undefined) {
        url.searchParams.set(name, value);
      }
    }
    return parseAnswer(
      address,
      await this.#readPatiently(address, url, signal),
      schema,
    );
  }

  async #readPatiently(
    address: ApplicationAddress,
    url: URL,
    signal: AbortSignal,
  ): Promise<Response> {
    for (const wait of PAUSES_MS) {
      try {
        const response = await this.#send(address, 'GET', url, signal);
        if (!RETRIED.has(response.status)) {
          return response;
        }
      } catch (error) {
        if (signal.aborted) {
          throw error;
        }
      }
      await pause(wait * (1 + Math.random() / 2), undefined, { signal });
    }
    return this.#send(address, 'GET', url, signal);
  }

  #send(
    address: ApplicationAddress,
    method: 'GET' | 'POST',
    url: URL,
    signal: AbortSignal,
    body?: string,
  ): Promise<Response> {
    const { system, token } = address;
    return new Promise<Response>((resolve, reject) => {
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const outgoing = send(
        url,
        {
          method,
          headers: {
            accept: 'application/json',
            authorization: `Bearer ${token}`,
            ...(body !== undefined && {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(body),
            }),
          },
          ...(system.certificateAuthority && {
            ca: system.certificateAuthority,
          }),
          signal: AbortSignal.any([signal, AbortSignal.timeout(this.#timeout)]),
        },
        response => {
          const chunks: Buffer[] = [];
          let length = 0;
          response.on('data', (chunk: Buffer) => {
            chunks.push(chunk);
            length += chunk.length;
            if (length > MOST_BYTES) {
              response.destroy(new Error('it says too much'));
            }
          });
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              text: Buffer.concat(chunks).toString('utf8'),
            }),
          );
          response.on('error', reject);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    }).catch((error: unknown) => {
      throw unavailable(address, reasonOf(error));
    });
  }
}

function urlOf({ system, name }: ApplicationAddress, path: string): URL {
  const url = new URL(system.url);
  url.pathname = `${url.pathname.replace(
    /\/$/,
    '',
  )}/api/v1/applications/${encodeURIComponent(name)}${path}`;
  return url;
}

function parseAnswer<T>(
  address: ApplicationAddress,
  { status, text }: Response,
  schema: z.ZodType<T>,
): Answer<T> {
  const content = parseJson(text);
  if (status === 200) {
    const parsed = schema.safeParse(content);
    if (!parsed.success) {
      throw unavailable(
        address,
        `its answer has another form: ${z
          .prettifyError(parsed.error)
          .slice(0, 300)}`,
      );
    }
    return { outcome: 'answered', value: parsed.data };
  }
  const refusal = errorSchema.safeParse(content).data;
  const message = (refusal?.message || refusal?.error || '').slice(0, 300);
  // 3xx: a sign-in page, or another address; 5xx: it could not tell.
  if (status < 400 || status >= 500 || status === 429) {
    throw unavailable(
      address,
      `it answered ${status}${message && `: ${message}`}`,
    );
  }
  return {
    outcome: 'refused',
    status,
    code: refusal?.code ?? undefined,
    message: message || `status ${status}`,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unavailable({ system }: ApplicationAddress, why: string): Error {
  return new ServiceUnavailableError(
    `Argo CD ${system.name} gave no answer: ${why}`,
  );
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
