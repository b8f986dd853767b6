import { ServiceUnavailableError } from '@backstage/errors';
import { z } from 'zod';
import { MOST_GROUP_MEMBERS, MOST_GROUPS } from '../directory/writeGroup';
import { MOST_PEOPLE } from '../directory/writePerson';
import { type DirectorySnapshot } from './planSync';
import { type KeycloakDirectory } from './readKeycloakDirectories';

const PAGE = 100;
const TIMEOUT_MILLISECONDS = 10_000;
const MOST_BYTES = 4 * 1024 * 1024;
/** Deeper groups are not read: a circle would have no end. */
const MOST_LEVELS = 10;

const userSchema = z.object({
  id: z.string().min(1).max(300),
  username: z.string().min(1).max(300),
  firstName: z.string().nullish(),
  lastName: z.string().nullish(),
  email: z.string().nullish(),
  enabled: z.boolean().default(false),
});
type KeycloakUser = z.output<typeof userSchema>;

const groupSchema = z.object({
  id: z.string().min(1).max(300),
  name: z.string().min(1),
  subGroupCount: z.number().int().nonnegative().default(0),
});

const memberSchema = z.object({ id: z.string() });
const tokenSchema = z.object({ access_token: z.string().min(1) });
const emailSchema = z.email().max(320);

/** Reads a realm of Keycloak 26 as a service account that may see users and groups. */
export class KeycloakClient {
  readonly #directory: KeycloakDirectory;
  #token: string | undefined;

  constructor(directory: KeycloakDirectory) {
    this.#directory = directory;
  }

  /**
   * Everybody and all groups of the realm.
   *
   * @throws ServiceUnavailableError when a part of it cannot be read: half an answer
   *   never looks like a small realm
   */
  async read(signal?: AbortSignal): Promise<DirectorySnapshot> {
    // Signs in anew, so that rights that were taken away count.
    this.#token = undefined;
    const people = await this.#pages(
      { path: 'users', query: { briefRepresentation: 'true' } },
      { schema: userSchema, most: MOST_PEOPLE, signal },
    );
    const groups: DirectorySnapshot['groups'] = [];
    let level = await this.#groups('groups', signal);
    for (let depth = 0; level.length > 0; depth += 1) {
      if (depth >= MOST_LEVELS) {
        throw this.#unavailable(`groups lie deeper than ${MOST_LEVELS} levels`);
      }
      const below = [];
      for (const group of level) {
        const path = `groups/${encodeURIComponent(group.id)}`;
        const children =
          group.subGroupCount > 0
            ? await this.#groups(`${path}/children`, signal)
            : [];
        below.push(...children);
        const members = await this.#pages(
          { path: `${path}/members`, query: { briefRepresentation: 'true' } },
          { schema: memberSchema, most: MOST_GROUP_MEMBERS, signal },
        );
        groups.push({
          externalId: group.id,
          displayName: group.name.slice(0, 200),
          people: members.map(({ id }) => id),
          groups: children.map(({ id }) => id),
        });
        if (groups.length > MOST_GROUPS) {
          throw this.#unavailable(`there are more than ${MOST_GROUPS} groups`);
        }
      }
      level = below;
    }
    return { people: people.map(toPerson), groups };
  }

  /**
   * Asks for one person: a list in pages can miss somebody when others come and go
   * meanwhile, so who is missing is asked for before they are removed.
   */
  async hasPerson(id: string, signal?: AbortSignal): Promise<boolean> {
    const answer = await this.#ask(`users/${encodeURIComponent(id)}`, {
      signal,
      missing: true,
    });
    return answer !== undefined;
  }

  #groups(path: string, signal: AbortSignal | undefined) {
    return this.#pages(
      { path, query: { briefRepresentation: 'true' } },
      { schema: groupSchema, most: MOST_GROUPS, signal },
    );
  }

  async #pages<T>(
    { path, query }: { path: string; query: Record<string, string> },
    options: { schema: z.ZodType<T>; most: number; signal?: AbortSignal },
  ): Promise<T[]> {
    const items: T[] = [];
    for (;;) {
      const search = new URLSearchParams({
        ...query,
        first: String(items.length),
        max: String(PAGE),
      });
      const answer = await this.#ask(`${path}?${search}`, options);
      const page = z.array(options.schema).safeParse(answer);
      if (!page.success) {
        throw this.#unavailable(
          `its answer to ${path} is malformed: ${z.prettifyError(page.error)}`,
        );
      }
      items.push(...page.data);
      if (items.length > options.most) {
        throw this.#unavailable(`${path} has more than ${options.most} items`);
      }
      if (page.data.length < PAGE) {
        return items;
      }
    }
  }

  /** Asks the admin API; once again with a new token where the old one is over. */
  async #ask(
    path: string,
    options: { signal?: AbortSignal; missing?: true },
  ): Promise<unknown> {
    const { url, realm } = this.#directory;
    const address = `${url}/admin/realms/${encodeURIComponent(realm)}/${path}`;
    for (const isLast of [false, true]) {
      this.#token ??= await this.#signIn(options.signal);
      const response = await this.#fetch(address, {
        headers: { authorization: `Bearer ${this.#token}` },
        signal: options.signal,
      });
      if (response.status === 404 && options.missing) {
        return undefined;
      }
      if (response.status === 401 && !isLast) {
        this.#token = undefined;
        continue;
      }
      return this.#json(response, path.split('?')[0]);
    }
    throw this.#unavailable('it refuses a token that it gave');
  }

  async #signIn(signal: AbortSignal | undefined): Promise<string> {
    const { url, realm, clientId, clientSecret } = this.#directory;
    const response = await this.#fetch(
      `${url}/realms/${encodeURIComponent(
        realm,
      )}/protocol/openid-connect/token`,
      {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: clientId,
          client_secret: clientSecret,
        }),
        signal,
      },
    );
    const token = tokenSchema.safeParse(await this.#json(response, 'token'));
    if (!token.success) {
      throw this.#unavailable('its answer to the sign-in is malformed');
    }
    return token.data.access_token;
  }

  async #fetch(address: string, options: RequestInit): Promise<Response> {
    const timeout = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
    try {
      return await fetch(address, {
        ...options,
        redirect: 'error',
        signal: options.signal
          ? AbortSignal.any([options.signal, timeout])
          : timeout,
      });
    } catch (error) {
      throw this.#unavailable('it does not answer', error);
    }
  }

  async #json(response: Response, what: string): Promise<unknown> {
    let text: string;
    try {
      text = await readText(response);
    } catch (error) {
      throw this.#unavailable(`its answer to ${what} cannot be read`, error);
    }
    if (!response.ok) {
      throw this.#unavailable(
        `it answers ${response.status} to ${what}${
          response.status === 403
            ? '; give the service account the roles view-users and query-groups'
            : ''
        }`,
      );
    }
    try {
      return JSON.parse(text);
    } catch {
      throw this.#unavailable(`its answer to ${what} is no JSON`);
    }
  }

  #unavailable(reason: string, cause?: unknown): ServiceUnavailableError {
    const { realm, tenant } = this.#directory;
    return new ServiceUnavailableError(
      `The realm ${realm} of Keycloak cannot be read for ${tenant}: ${reason}`,
      cause,
    );
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) {
      throw new Error(`It has more than ${MOST_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function toPerson(user: KeycloakUser): DirectorySnapshot['people'][number] {
  const givenName = user.firstName?.slice(0, 200);
  const familyName = user.lastName?.slice(0, 200);
  const name = [givenName, familyName].filter(Boolean).join(' ');
  const email = emailSchema.safeParse(user.email);
  return {
    externalId: user.id,
    userName: user.username,
    displayName: (name || user.username).slice(0, 200),
    active: user.enabled,
    ...(givenName && { givenName }),
    ...(familyName && { familyName }),
    ...(email.success && { email: email.data }),
  };
}
