import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

const CALL_LIMIT_MILLISECONDS = 120_000;
const WAIT_LIMIT_MILLISECONDS = 300_000;

const sessionSchema = z.object({
  backstageIdentity: z.object({ token: z.string().min(1) }),
});

/** The portal's API as one caller, for making the suite's tenants: every refusal throws. */
export class PortalClient {
  /** Signs in as a persona of development. */
  static async persona(url: string, userRef: string): Promise<PortalClient> {
    return PortalClient.#signIn(url, '/api/auth/persona/refresh', {
      'x-portico-persona': userRef,
    });
  }

  /** Signs in with a machine token. */
  static async machine(url: string, token: string): Promise<PortalClient> {
    return PortalClient.#signIn(url, '/api/auth/machine/refresh', {
      'x-portico-machine-token': token,
    });
  }

  static async #signIn(
    url: string,
    path: string,
    headers: Record<string, string>,
  ): Promise<PortalClient> {
    const anonymous = new PortalClient(url, undefined);
    const { backstageIdentity } = await anonymous.call(
      'GET',
      path,
      sessionSchema,
      { headers },
    );
    return new PortalClient(url, backstageIdentity.token);
  }

  constructor(readonly url: string, readonly token: string | undefined) {}

  get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return this.call('GET', path, schema);
  }

  post<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
    return this.call('POST', path, schema, { body });
  }

  async put(path: string, body: unknown): Promise<void> {
    await this.call('PUT', path, z.unknown(), { body });
  }

  async remove(path: string): Promise<void> {
    await this.call('DELETE', path, z.unknown());
  }

  /** @throws Error with method, path, status and the portal's reason */
  async call<T>(
    method: string,
    path: string,
    schema: z.ZodType<T>,
    options: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<T> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(this.token && { authorization: `Bearer ${this.token}` }),
        ...(options.body !== undefined && {
          'content-type': 'application/json',
        }),
        ...options.headers,
      },
      body:
        options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: AbortSignal.timeout(CALL_LIMIT_MILLISECONDS),
    });
    const text = await answer.text();
    if (!answer.ok) {
      throw new Error(
        `${method} ${path} answered ${
          answer.status
        } while the suite made its tenants: ${text.slice(0, 500)}`,
      );
    }
    return schema.parse(text === '' ? undefined : JSON.parse(text));
  }

  /** Asks again and again until there is what is wanted; a refusal counts as not yet. */
  async until<T>(
    what: string,
    path: string,
    schema: z.ZodType<T>,
    isReached: (value: T) => boolean = () => true,
  ): Promise<T> {
    const deadline = Date.now() + WAIT_LIMIT_MILLISECONDS;
    for (;;) {
      const value = await this.get(path, schema).catch(() => undefined);
      if (value !== undefined && isReached(value)) {
        return value;
      }
      if (Date.now() > deadline) {
        throw new Error(
          `${what} did not come within ${WAIT_LIMIT_MILLISECONDS / 1000} s`,
        );
      }
      await delay(100);
    }
  }
}
