import { ResponseError } from '@backstage/errors';
import { type FetchApi } from '@backstage/frontend-plugin-api';
import {
  createdDirectoryTokenSchema,
  createdMachineTokenSchema,
  type CreateDirectoryToken,
  type CreateMachineToken,
  type CreateTenant,
  deviceRequestSchema,
  directoryAnswerSchema,
  groupListSchema,
  machineTokenListSchema,
  type Me,
  meSchema,
  memberListSchema,
  personaListSchema,
  type PutDirectory,
  type PutGroup,
  type PutMember,
  type PutSource,
  putSourceResultSchema,
  type Session,
  sessionListSchema,
  sourceListSchema,
  sourceRefusalListSchema,
  tenantListSchema,
} from '@portico/plugin-tenancy-common';
import { type SessionPage, type TenancyApi } from './TenancyApi';

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

const REQUEST_TIMEOUT_MILLISECONDS = 30_000;
/** Pages of sessions that are read; each holds a hundred. */
const MOST_SESSION_PAGES = 5;

/** Talks to `/api/tenancy` and checks each answer against its schema. */
export class TenancyClient implements TenancyApi {
  readonly #fetchApi: FetchApi;
  #me: Promise<Me> | undefined;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  me(): Promise<Me> {
    // Header, home page and administration ask at the same time. A switch of the
    // tenant reloads the page, so the answer is never another membership's.
    this.#me ??= this.#request('GET', ['me']).then(
      body => meSchema.parse(body),
      error => {
        this.#me = undefined;
        throw error;
      },
    );
    return this.#me;
  }

  async personas() {
    return personaListSchema.parse(await this.#request('GET', ['personas']))
      .items;
  }

  async tenants() {
    return tenantListSchema.parse(await this.#request('GET', ['tenants']))
      .items;
  }

  async createTenant(tenant: CreateTenant) {
    await this.#request('POST', ['tenants'], tenant);
  }

  async sources(tenant: string) {
    return sourceListSchema.parse(
      await this.#request('GET', ['tenants', tenant, 'sources']),
    ).items;
  }

  async putSource(tenant: string, name: string, source: PutSource) {
    return putSourceResultSchema.parse(
      await this.#request('PUT', ['tenants', tenant, 'sources', name], source),
    );
  }

  async readSource(tenant: string, name: string) {
    await this.#request('POST', ['tenants', tenant, 'sources', name, 'read']);
  }

  async removeSource(tenant: string, name: string) {
    await this.#request('DELETE', ['tenants', tenant, 'sources', name]);
  }

  async refusals(tenant: string) {
    return sourceRefusalListSchema.parse(
      await this.#request('GET', ['tenants', tenant, 'refusals']),
    ).items;
  }

  async members(tenant: string) {
    return memberListSchema.parse(
      await this.#request('GET', ['tenants', tenant, 'members']),
    ).items;
  }

  async putMember(tenant: string, name: string, member: PutMember) {
    await this.#request('PUT', ['tenants', tenant, 'members', name], member);
  }

  async groups(tenant: string) {
    return groupListSchema.parse(
      await this.#request('GET', ['tenants', tenant, 'groups']),
    ).items;
  }

  async putGroup(tenant: string, name: string, group: PutGroup) {
    await this.#request('PUT', ['tenants', tenant, 'groups', name], group);
  }

  async removeGroup(tenant: string, name: string) {
    await this.#request('DELETE', ['tenants', tenant, 'groups', name]);
  }

  async tokens(tenant: string) {
    return machineTokenListSchema.parse(
      await this.#request('GET', ['tenants', tenant, 'tokens']),
    ).items;
  }

  async createToken(tenant: string, token: CreateMachineToken) {
    return createdMachineTokenSchema.parse(
      await this.#request('POST', ['tenants', tenant, 'tokens'], token),
    );
  }

  async revokeToken(tenant: string, id: string) {
    await this.#request('DELETE', ['tenants', tenant, 'tokens', id]);
  }

  async directory(tenant: string) {
    return directoryAnswerSchema.parse(
      await this.#request('GET', ['tenants', tenant, 'directory']),
    ).directory;
  }

  async connectDirectory(tenant: string, directory: PutDirectory) {
    await this.#request('PUT', ['tenants', tenant, 'directory'], directory);
  }

  async disconnectDirectory(tenant: string) {
    await this.#request('DELETE', ['tenants', tenant, 'directory']);
  }

  async createDirectoryToken(tenant: string, token: CreateDirectoryToken) {
    return createdDirectoryTokenSchema.parse(
      await this.#request(
        'POST',
        ['tenants', tenant, 'directory', 'tokens'],
        token,
      ),
    );
  }

  async revokeDirectoryToken(tenant: string, id: string) {
    await this.#request('DELETE', [
      ...['tenants', tenant, 'directory', 'tokens', id],
    ]);
  }

  async deviceRequest(userCode: string) {
    return deviceRequestSchema.parse(
      await this.#request('GET', ['device', 'requests', userCode]),
    );
  }

  async approveDevice(userCode: string) {
    await this.#request('POST', ['device', 'approve'], { userCode });
  }

  ownSessions() {
    return this.#sessions(['sessions'], {});
  }

  async endOwnSession(issuedAt: number) {
    await this.#request('DELETE', ['sessions', String(issuedAt)]);
  }

  sessions(tenant: string, member?: string) {
    return this.#sessions(
      ['tenants', tenant, 'sessions'],
      member === undefined ? {} : { member },
    );
  }

  async endMemberSessions(tenant: string, member: string, issuedAt?: number) {
    await this.#request('DELETE', [
      ...['tenants', tenant, 'members', member, 'sessions'],
      ...(issuedAt === undefined ? [] : [String(issuedAt)]),
    ]);
  }

  async endSession() {
    await this.#request('DELETE', ['session']);
  }

  async #sessions(
    path: string[],
    query: Record<string, string>,
  ): Promise<SessionPage> {
    const items: Session[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MOST_SESSION_PAGES; page += 1) {
      const list = sessionListSchema.parse(
        await this.#request('GET', path, undefined, {
          ...query,
          ...(cursor && { cursor }),
        }),
      );
      items.push(...list.items);
      cursor = list.nextCursor;
      if (cursor === undefined) {
        break;
      }
    }
    return { items, hasMore: cursor !== undefined };
  }

  async #request(
    method: Method,
    path: string[],
    body?: object,
    query: Record<string, string> = {},
  ): Promise<unknown> {
    const search = new URLSearchParams(query).toString();
    const response = await this.#fetchApi.fetch(
      `plugin://tenancy/${path.map(encodeURIComponent).join('/')}${
        search && `?${search}`
      }`,
      {
        method,
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MILLISECONDS),
        ...(body && {
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        }),
      },
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return method === 'GET' ||
      response.headers.get('content-type')?.includes('json')
      ? response.json()
      : undefined;
  }
}
