import {
  ConflictError,
  InputError,
  isError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  type ComponentStatus,
  componentStatusSchema,
  environmentStatusSchema,
  type PushHint,
  type ReleaseList,
  releaseListSchema,
  runListSchema,
  runLogSchema,
  runSchema,
  runtimeErrorSchema,
  runtimeStateSchema,
  serviceLogSchema,
  serviceMetricsSchema,
  statusListSchema,
} from '@portico/plugin-local-runtime-common';
import { type z } from 'zod';
import { type LocalRuntimeConfig } from '../readLocalRuntimeConfig';
import { readBounded } from './readBounded';

const TIMEOUT_MILLISECONDS = 10_000;
const MOST_ANSWER_BYTES = 8 * 1024 * 1024;

/** A component of a tenant, as the runtime names it. */
export interface ComponentAddress {
  tenant: string;
  component: string;
}

/** A component in an environment. */
export interface EnvironmentAddress extends ComponentAddress {
  environment: string;
}

interface Question {
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  timeout?: number;
  signal?: AbortSignal;
}

/**
 * Talks to the local runtime: bounded in time and size, and each answer is checked.
 *
 * It knows no users; whoever calls it has decided what may be asked.
 */
export class RuntimeClient {
  readonly #config: LocalRuntimeConfig;

  constructor(config: LocalRuntimeConfig) {
    this.#config = config;
  }

  async state() {
    return this.#get(runtimeStateSchema, ['state']);
  }

  /** Tells of a push, so that the runtime looks before its next scan. */
  async hint(hint: PushHint): Promise<void> {
    await this.#ask('POST', ['hints'], { body: hint });
  }

  async runs(
    of: ComponentAddress | { tenant: string; repository: string },
    limit: number,
  ) {
    return this.#get(runListSchema, ['runs'], { query: { ...of, limit } });
  }

  async run(id: string) {
    return this.#get(runSchema, ['runs', id]);
  }

  async runLog(id: string, offset: number) {
    return this.#get(runLogSchema, ['runs', id, 'log'], { query: { offset } });
  }

  async repeatRun(id: string) {
    return this.#post(runSchema, ['runs', id, 'repeat']);
  }

  /** Releases after a cursor; waits for one when there is none. */
  async releases(options: {
    after: number;
    limit: number;
    waitSeconds: number;
    signal: AbortSignal;
  }): Promise<ReleaseList> {
    const { after, limit, waitSeconds, signal } = options;
    return this.#get(releaseListSchema, ['releases'], {
      query: { after, limit, waitSeconds },
      timeout: waitSeconds * 1_000 + TIMEOUT_MILLISECONDS,
      signal,
    });
  }

  async statusOf(components: ComponentAddress[]): Promise<ComponentStatus[]> {
    const { items } = await this.#post(statusListSchema, ['status'], {
      body: { components },
    });
    return items;
  }

  async status({ tenant, component }: ComponentAddress) {
    return this.#get(componentStatusSchema, ['components', tenant, component]);
  }

  async serviceLog(
    of: EnvironmentAddress,
    query: { after?: number; limit: number },
  ) {
    return this.#get(serviceLogSchema, environmentPath(of, 'log'), { query });
  }

  async metrics(of: EnvironmentAddress) {
    return this.#get(serviceMetricsSchema, environmentPath(of, 'metrics'));
  }

  async wake(of: EnvironmentAddress) {
    return this.#post(environmentStatusSchema, environmentPath(of, 'wake'));
  }

  async restart(of: EnvironmentAddress) {
    return this.#post(environmentStatusSchema, environmentPath(of, 'restart'));
  }

  #get<T extends z.ZodType>(schema: T, path: string[], question?: Question) {
    return this.#read(schema, 'GET', path, question);
  }

  #post<T extends z.ZodType>(schema: T, path: string[], question?: Question) {
    return this.#read(schema, 'POST', path, question);
  }

  async #read<T extends z.ZodType>(
    schema: T,
    method: string,
    path: string[],
    question?: Question,
  ): Promise<z.output<T>> {
    const text = await this.#ask(method, path, question);
    const result = schema.safeParse(parseJson(text));
    if (!result.success) {
      throw new ServiceUnavailableError(
        'The local runtime answered in a form that this portal does not know: stop the portal and start it again, so that both are of one version',
      );
    }
    return result.data;
  }

  async #ask(
    method: string,
    path: string[],
    question: Question = {},
  ): Promise<string> {
    const url = new URL(
      `/v1/${path.map(encodeURIComponent).join('/')}`,
      this.#config.url,
    );
    for (const [name, value] of Object.entries(question.query ?? {})) {
      if (value !== undefined) {
        url.searchParams.set(name, String(value));
      }
    }
    const timeout = AbortSignal.timeout(
      question.timeout ?? TIMEOUT_MILLISECONDS,
    );
    let status: number;
    let text: string;
    try {
      const response = await fetch(url, {
        method,
        redirect: 'error',
        headers: {
          authorization: `Bearer ${this.#config.token}`,
          ...(question.body !== undefined && {
            'content-type': 'application/json',
          }),
        },
        body:
          question.body === undefined
            ? undefined
            : JSON.stringify(question.body),
        signal: question.signal
          ? AbortSignal.any([question.signal, timeout])
          : timeout,
      });
      status = response.status;
      text = await readBounded(response, MOST_ANSWER_BYTES);
    } catch (error) {
      question.signal?.throwIfAborted();
      throw new ServiceUnavailableError(
        `The local runtime does not answer at ${
          this.#config.url.origin
        } (${reasonOf(
          error,
        )}): its log local-runtime.log beside that of the portal says why`,
      );
    }
    if (status >= 400) {
      throw refusalOf(status, text);
    }
    return text;
  }
}

function environmentPath(of: EnvironmentAddress, what: string): string[] {
  return ['components', of.tenant, of.component, of.environment, what];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the runtime refuses by rule is told on; all else is its trouble, not the caller's. */
function refusalOf(status: number, text: string): Error {
  const parsed = runtimeErrorSchema.safeParse(parseJson(text));
  const message = parsed.success ? parsed.data.error.message : '';
  switch (status) {
    case 400:
      return new InputError(message || 'The local runtime refused the request');
    case 404:
      return new NotFoundError(
        message || 'The local runtime knows no such thing',
      );
    case 409:
      return new ConflictError(message || 'It cannot be done in this state');
    default:
      return new ServiceUnavailableError(
        `The local runtime could not answer (HTTP ${status})${
          message && `: ${message}`
        }`,
      );
  }
}

function reasonOf(error: unknown): string {
  if (!isError(error)) {
    return 'unknown error';
  }
  if (error.name === 'TimeoutError') {
    return 'it took too long';
  }
  const cause = isError(error.cause) ? error.cause : error;
  return typeof cause.code === 'string' ? cause.code : 'it broke off';
}
