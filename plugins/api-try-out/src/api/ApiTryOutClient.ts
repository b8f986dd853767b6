import { ResponseError } from '@backstage/errors';
import { type FetchApi } from '@backstage/frontend-plugin-api';
import {
  type TryOutRequest,
  tryOutResultSchema,
  tryOutServerListSchema,
} from '@portico/plugin-api-try-out-common';
import { type ApiAddress, type ApiTryOutApi } from './ApiTryOutApi';

const REQUEST_TIMEOUT_MILLISECONDS = 30_000;

/** Talks to `/api/api-try-out` and checks each answer against its schema. */
export class ApiTryOutClient implements ApiTryOutApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  async servers(api: ApiAddress) {
    return tryOutServerListSchema.parse(await this.#request(api, 'servers'))
      .items;
  }

  async send(api: ApiAddress, request: TryOutRequest) {
    return tryOutResultSchema.parse(
      await this.#request(api, 'requests', request),
    );
  }

  async #request(
    api: ApiAddress,
    what: 'servers' | 'requests',
    body?: object,
  ): Promise<unknown> {
    const path = [api.namespace, api.name].map(encodeURIComponent).join('/');
    const response = await this.#fetchApi.fetch(
      `plugin://api-try-out/apis/${path}/${what}`,
      {
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MILLISECONDS),
        ...(body && {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        }),
      },
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response.json();
  }
}
