import {
  InputError,
  NotAllowedError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { setTimeout as pause } from 'node:timers/promises';
import { redactSecrets } from '@portico/plugin-bindings-node';
import { z } from 'zod';
import { type HttpAnswer, sendRequest } from './sendRequest';
import { waitTime } from './waitTime';

/** What is read is tried again; what changes something never is: it is looked for first. */
const PAUSES_MILLISECONDS = [200, 800];
const RETRIED = new Set([502, 503, 504]);
const LONGEST_MESSAGE = 300;

/** The host understood, and says no. */
export interface Refusal {
  outcome: 'refused';
  status: number;
  message: string;
}

/** An answer, or a refusal. */
export type Answer<T> = { outcome: 'answered'; value: T } | Refusal;

/** Where a request goes, below the address of the API. Each part is encoded. */
export interface HostRequest {
  path: readonly string[];
  query?: Record<string, string | number | boolean | undefined>;
}

/** Which API, and with what. */
export interface HostApiOptions {
  /** For people. */
  title: string;
  /** Without a slash at its end. */
  url: string;
  certificateAuthority: string | undefined;
  headers(token: string): Record<string, string>;
  tokens: { read: string; write: string | undefined };
  timeoutMilliseconds: number;
  signal: AbortSignal;
}

const errorSchema = z.object({
  message: z.unknown().optional(),
  error: z.unknown().optional(),
  errors: z.unknown().optional(),
});

/**
 * The HTTP API of one Git host for one tenant: bounded in time and size, no redirects, so
 * that a credential stays where it belongs. What is answered is checked.
 *
 * All calls throw ServiceUnavailableError when the host gives no sensible answer or asks to
 * wait, and NotAllowedError when it does not take the credential.
 */
export class HostApi {
  readonly #options: HostApiOptions;

  constructor(options: HostApiOptions) {
    this.#options = options;
  }

  get title(): string {
    return this.#options.title;
  }

  /** Undefined for what is not there. */
  async find<T>(
    request: HostRequest,
    schema: z.ZodType<T>,
  ): Promise<T | undefined> {
    const answer = await this.ask(request, schema);
    if (answer.outcome === 'answered') {
      return answer.value;
    }
    // 409: the repository has no commit, on Gitea and GitHub.
    if (answer.status === 404 || answer.status === 409) {
      return undefined;
    }
    if (answer.status === 403) {
      throw new NotAllowedError(
        `${this.title} does not let the credential of the tenant read there: ${answer.message}`,
      );
    }
    throw new InputError(
      `${this.title} does not answer what is read: ${answer.message} (${answer.status})`,
    );
  }

  async ask<T>(request: HostRequest, schema: z.ZodType<T>): Promise<Answer<T>> {
    const { tokens } = this.#options;
    return this.#parse(
      await this.#readPatiently(this.#urlOf(request), tokens.read),
      schema,
    );
  }

  /** Sends once; it may have happened although it throws. */
  async change<T>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    request: HostRequest & { body?: Record<string, unknown> },
    schema: z.ZodType<T>,
  ): Promise<Answer<T>> {
    const { tokens } = this.#options;
    if (tokens.write === undefined) {
      throw new NotAllowedError(
        `The tenant has set no credential for ${this.title}; set one on the page of the bindings`,
      );
    }
    return this.#parse(
      await this.#send(
        method,
        this.#urlOf(request),
        tokens.write,
        request.body && JSON.stringify(request.body),
      ),
      schema,
    );
  }

  /** @throws InputError for a refusal, for which nothing else is known to do */
  expect<T>(answer: Answer<T>, what: string): T {
    if (answer.outcome === 'refused') {
      throw new InputError(
        `${this.title} refuses ${what}: ${answer.message} (${answer.status})`,
      );
    }
    return answer.value;
  }

  #urlOf({ path, query = {} }: HostRequest): URL {
    const parts = path.flatMap(part => part.split('/'));
    if (parts.some(part => ['', '.', '..'].includes(part))) {
      throw new InputError(
        `'${path.join(
          '/',
        )}' is no path in a repository; name a file or branch as it is`,
      );
    }
    const url = new URL(this.#options.url);
    url.pathname = `${url.pathname.replace(/\/$/, '')}/${path
      .map(encodeURIComponent)
      .join('/')}`;
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) {
        url.searchParams.set(name, String(value));
      }
    }
    return url;
  }

  async #readPatiently(url: URL, token: string): Promise<HttpAnswer> {
    const { signal } = this.#options;
    for (const wait of PAUSES_MILLISECONDS) {
      try {
        const answer = await this.#send('GET', url, token);
        if (!RETRIED.has(answer.status)) {
          return answer;
        }
      } catch (error) {
        if (signal.aborted) {
          throw error;
        }
      }
      await pause(wait * (1 + Math.random() / 2), undefined, { signal });
    }
    return this.#send('GET', url, token);
  }

  async #send(
    method: string,
    url: URL,
    token: string,
    body?: string,
  ): Promise<HttpAnswer> {
    const { headers, certificateAuthority, timeoutMilliseconds, signal } =
      this.#options;
    const answer = await sendRequest({
      method,
      url,
      headers: headers(token),
      body,
      certificateAuthority,
      timeoutMilliseconds,
      signal,
    });
    if (answer.outcome === 'broken') {
      throw this.#unavailable(answer.reason);
    }
    return answer;
  }

  #parse<T>(response: HttpAnswer, schema: z.ZodType<T>): Answer<T> {
    const { status, text } = response;
    const content = parseJson(text);
    if (status >= 200 && status < 300) {
      const parsed = schema.safeParse(content);
      if (!parsed.success) {
        throw this.#unavailable(
          `its answer has another form: ${oneLine(
            z.prettifyError(parsed.error),
          )}`,
        );
      }
      return { outcome: 'answered', value: parsed.data };
    }
    const message = messageOf(content) ?? `status ${status}`;
    if (status === 401) {
      throw new NotAllowedError(
        `${this.title} does not take the credential of the tenant (${message}); set another on the page of the bindings`,
      );
    }
    const wait = waitTime(response, new Date());
    if (wait !== undefined) {
      throw this.#unavailable(`it asks to wait${wait}`);
    }
    // 3xx: a sign-in page, or a repository of another name; 5xx: it could not tell.
    if (status < 400 || status >= 500) {
      throw this.#unavailable(`it answered ${status} (${message})`);
    }
    return { outcome: 'refused', status, message };
  }

  #unavailable(why: string): Error {
    return new ServiceUnavailableError(`${this.title} gave no answer: ${why}`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the host says for people, on one line and without what looks like a secret. */
function messageOf(content: unknown): string | undefined {
  const parsed = errorSchema.safeParse(content);
  const parts = [
    parsed.data?.message,
    parsed.data?.error,
    parsed.data?.errors,
  ].flatMap(part => {
    if (part === undefined || part === null || part === '') {
      return [];
    }
    return [typeof part === 'string' ? part : JSON.stringify(part)];
  });
  return parts.length > 0 ? oneLine(parts.join('; ')) : undefined;
}

function oneLine(text: string): string {
  return redactSecrets(text.replace(/\s+/g, ' ').trim()).text.slice(
    0,
    LONGEST_MESSAGE,
  );
}
