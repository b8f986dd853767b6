import { ResponseError } from '@backstage/errors';
import { z } from 'zod';

const CALL_LIMIT_MILLISECONDS = 30_000;

const sessionSchema = z.object({
  backstageIdentity: z.object({ token: z.string().min(1) }),
});

/** The portal over HTTP, as one development persona. */
export class PortalClient {
  readonly #baseUrl: string;
  readonly #signal: AbortSignal;
  #token: Promise<string> | undefined;

  constructor(
    /** Who asks, such as `user:aurora/kim`. */
    readonly userRef: string,
    options: { baseUrl: string; signal: AbortSignal },
  ) {
    this.#baseUrl = options.baseUrl;
    this.#signal = options.signal;
  }

  /** @throws ResponseError when the portal refuses, with its reason */
  async get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return schema.parse(await this.#json('GET', path));
  }

  /** As `get`, but undefined where there is nothing. */
  async find<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
    try {
      return await this.get(path, schema);
    } catch (error) {
      if (error instanceof ResponseError && error.statusCode === 404) {
        return undefined;
      }
      throw error;
    }
  }

  async post<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
    return schema.parse(await this.#json('POST', path, body));
  }

  async put(path: string, body: unknown): Promise<void> {
    await this.#json('PUT', path, body);
  }

  /** The answer's bytes, as they come. */
  async *download(path: string): AsyncGenerator<Uint8Array> {
    const response = await this.#answer('GET', path);
    for await (const chunk of response.body ?? []) {
      yield chunk;
    }
  }

  async #json(method: string, path: string, body?: unknown): Promise<unknown> {
    return (await this.#answer(method, path, body)).json();
  }

  async #answer(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Response> {
    let response = await this.#call(method, path, body);
    if (response.status === 401) {
      // The token ran out, or its session was ended: one more try with a new one.
      this.#token = undefined;
      response = await this.#call(method, path, body);
    }
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response;
  }

  async #call(method: string, path: string, body: unknown): Promise<Response> {
    this.#token ??= this.#signIn();
    const token = await this.#token;
    return this.#fetch(path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  async #signIn(): Promise<string> {
    const response = await this.#fetch('/api/auth/persona/refresh', {
      headers: { 'x-portico-persona': this.userRef },
    });
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return sessionSchema.parse(await response.json()).backstageIdentity.token;
  }

  #fetch(path: string, options: RequestInit): Promise<Response> {
    return fetch(this.#baseUrl + path, {
      ...options,
      signal: AbortSignal.any([
        this.#signal,
        AbortSignal.timeout(CALL_LIMIT_MILLISECONDS),
      ]),
    });
  }
}
