import { ResponseError } from '@backstage/errors';
import { type FetchApi } from '@backstage/frontend-plugin-api';
import {
  type CreateGrant,
  credentialListSchema,
  type Grant,
  grantListSchema,
  type PutCredential,
  systemListSchema,
} from '@portico/plugin-bindings-common';
import { type BindingsApi } from './BindingsApi';

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

const REQUEST_TIMEOUT_MILLISECONDS = 30_000;

/** Talks to `/api/bindings` and checks each answer against its schema. */
export class BindingsClient implements BindingsApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  async systems() {
    return systemListSchema.parse(await this.#request('GET', ['systems']))
      .items;
  }

  async grants(tenant: string) {
    const grants: Grant[] = [];
    let cursor: string | undefined;
    do {
      const page = grantListSchema.parse(
        await this.#request('GET', ['tenants', tenant, 'grants'], {
          query: { limit: '200', ...(cursor !== undefined && { cursor }) },
        }),
      );
      grants.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return grants;
  }

  async addGrant(tenant: string, grant: CreateGrant) {
    await this.#request('POST', ['tenants', tenant, 'grants'], { body: grant });
  }

  async revokeGrant(tenant: string, id: string) {
    await this.#request('DELETE', ['tenants', tenant, 'grants', id]);
  }

  async credentials(tenant: string) {
    return credentialListSchema.parse(
      await this.#request('GET', ['tenants', tenant, 'credentials']),
    ).items;
  }

  async setCredential(
    tenant: string,
    system: string,
    credential: PutCredential,
  ) {
    await this.#request('PUT', ['tenants', tenant, 'credentials', system], {
      body: credential,
    });
  }

  async removeCredential(tenant: string, system: string) {
    await this.#request('DELETE', ['tenants', tenant, 'credentials', system]);
  }

  async #request(
    method: Method,
    path: string[],
    content: { query?: Record<string, string>; body?: object } = {},
  ): Promise<unknown> {
    const query = new URLSearchParams(content.query).toString();
    const response = await this.#fetchApi.fetch(
      `plugin://bindings/${path.map(encodeURIComponent).join('/')}${
        query && `?${query}`
      }`,
      {
        method,
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MILLISECONDS),
        ...(content.body && {
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(content.body),
        }),
      },
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response.status === 204 ? undefined : response.json();
  }
}
