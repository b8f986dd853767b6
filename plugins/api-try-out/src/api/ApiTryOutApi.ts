import { type CompoundEntityRef } from '@backstage/catalog-model';
import { createApiRef } from '@backstage/frontend-plugin-api';
import {
  type TryOutRequest,
  type TryOutResult,
  type TryOutServer,
} from '@portico/plugin-api-try-out-common';

/** An API, as its page knows it. */
export type ApiAddress = Pick<CompoundEntityRef, 'namespace' | 'name'>;

/**
 * The backend that sends requests. Each method throws a `ResponseError` when the portal
 * refuses.
 */
export interface ApiTryOutApi {
  /** The servers of an API, with those that may not be asked. */
  servers(api: ApiAddress): Promise<TryOutServer[]>;
  /** Sends a request; a server that does not answer is a result, too. */
  send(api: ApiAddress, request: TryOutRequest): Promise<TryOutResult>;
}

export const apiTryOutApiRef = createApiRef<ApiTryOutApi>().with({
  id: 'plugin.api-try-out',
});
