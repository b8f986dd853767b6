import { z } from 'zod';
import { UsageError } from '../output/UsageError';
import { PortalError } from './PortalError';

/** No answer of the portal comes near. */
const MAX_ANSWER_BYTES = 5 * 1024 * 1024;

const errorBodySchema = z.object({
  error: z.object({ message: z.string() }),
});

/** What a call sends. */
export interface PortalRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  headers?: Record<string, string>;
  body?: unknown;
}

/** Answers that may be empty. */
export const noContentSchema = z.unknown();

/** Calls the portal over HTTP; every call has a time-out and a bound. */
export class PortalClient {
  constructor(
    private readonly options: {
      url: string;
      timeoutSeconds: number;
      /** A user token; absent for calls that need none. */
      token?: string;
    },
  ) {}

  get url(): string {
    return this.options.url;
  }

  /** The same portal as someone. */
  as(token: string): PortalClient {
    return new PortalClient({ ...this.options, token });
  }

  /**
   * Calls a path of the portal and checks the answer.
   *
   * @param path - such as `/api/tenancy/me`; made by `apiPath` where it has variables
   * @throws PortalError when there is no answer, a refusal, or one of an unknown shape
   */
  async call<T>(
    path: string,
    schema: z.ZodType<T>,
    request: PortalRequest = {},
  ): Promise<T> {
    const { status, ok, text } = await this.fetch(path, request);
    if (!ok) {
      throw new PortalError(refusal(status, text), status);
    }
    let body: unknown;
    try {
      body = text === '' ? undefined : JSON.parse(text);
    } catch {
      throw new PortalError(
        `${this.options.url} did not answer with JSON: is it the address of a Portico?`,
        status,
      );
    }
    const parsed = schema.safeParse(body);
    if (!parsed.success) {
      throw new PortalError(
        `${
          this.options.url
        } answered in a form that this version of the command line does not know: ${z.prettifyError(
          parsed.error,
        )}`,
        status,
      );
    }
    return parsed.data;
  }

  /**
   * The bare answer, also a refusing one.
   *
   * @throws PortalError when there is none
   */
  async fetch(
    path: string,
    request: PortalRequest = {},
  ): Promise<{ status: number; ok: boolean; text: string; date?: Date }> {
    const { url, timeoutSeconds } = this.options;
    try {
      const response = await fetch(`${url}${path}`, {
        method: request.method ?? 'GET',
        headers: this.#headers(request),
        body:
          request.body === undefined ? undefined : JSON.stringify(request.body),
        // A redirect would carry the token elsewhere.
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutSeconds * 1000),
      });
      const date = new Date(response.headers.get('date') ?? '');
      return {
        status: response.status,
        ok: response.ok,
        text: await readBounded(response),
        ...(!Number.isNaN(date.getTime()) && { date }),
      };
    } catch (error) {
      throw new PortalError(
        `Could not reach ${url}: ${reasonOf(
          error,
          timeoutSeconds,
        )}. Check the address (--url) and that the portal runs`,
      );
    }
  }

  /**
   * The bytes of an answer, whatever its length. The time-out is for each piece.
   *
   * @throws PortalError when there is no answer, a refusal, or it breaks off
   */
  async *stream(path: string): AsyncGenerator<Uint8Array> {
    const { url, timeoutSeconds } = this.options;
    const silence = new AbortController();
    const timer = setTimeout(
      () => silence.abort(new DOMException('silence', 'TimeoutError')),
      timeoutSeconds * 1000,
    );
    try {
      const response = await fetch(`${url}${path}`, {
        headers: this.#headers({}),
        redirect: 'error',
        signal: silence.signal,
      });
      if (!response.ok) {
        throw new PortalError(
          refusal(response.status, await readBounded(response)),
          response.status,
        );
      }
      for await (const chunk of response.body ?? []) {
        timer.refresh();
        yield chunk;
      }
    } catch (error) {
      throw error instanceof PortalError
        ? error
        : new PortalError(
            `Could not read from ${url} to the end: ${reasonOf(
              error,
              timeoutSeconds,
            )}. Try again`,
          );
    } finally {
      clearTimeout(timer);
      // Whoever stops reading ends the answer.
      silence.abort();
    }
  }

  #headers(request: PortalRequest): Record<string, string> {
    const { token } = this.options;
    return {
      accept: 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...(request.body !== undefined && {
        'content-type': 'application/json',
      }),
      ...request.headers,
    };
  }
}

/**
 * Makes paths of one plugin's API with their variables encoded.
 *
 * @returns a tag that throws UsageError for a variable that would make it another path
 */
export function pathsOf(pluginId: string) {
  return (strings: TemplateStringsArray, ...variables: string[]): string => {
    for (const variable of variables) {
      if (variable === '' || variable === '.' || variable === '..') {
        throw new UsageError(`"${variable}" is no name`);
      }
    }
    return `/api/${pluginId}${String.raw(
      { raw: strings },
      ...variables.map(encodeURIComponent),
    )}`;
  };
}

/** A path of the tenancy API. */
export const apiPath = pathsOf('tenancy');

/** A path of the audit API. */
export const auditPath = pathsOf('audit');

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) {
      throw new Error(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function reasonOf(error: unknown, timeoutSeconds: number): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  if (error.name === 'TimeoutError') {
    return `no answer within ${timeoutSeconds} seconds`;
  }
  // `fetch` hides the reason, such as ECONNREFUSED, in the cause.
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors.length > 0) {
    return String(cause.errors[0].message);
  }
  return cause instanceof Error ? cause.message : error.message;
}

function refusal(status: number, text: string): string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  const parsed = errorBodySchema.safeParse(body);
  const reason = parsed.success && parsed.data.error.message;
  switch (status) {
    case 401:
      return `The portal does not accept this sign-in: ${
        reason || 'no reason given'
      }. Run portico login, or check PORTICO_TOKEN`;
    case 403:
      return `You may not do this${reason ? `: ${reason}` : ''}`;
    case 404:
      return `Not found${reason ? `: ${reason}` : ''}`;
    default:
      return `The portal refused (HTTP ${status})${
        reason ? `: ${reason}` : ''
      }`;
  }
}
