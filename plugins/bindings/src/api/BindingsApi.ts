import { createApiRef } from '@backstage/frontend-plugin-api';
import {
  type CreateGrant,
  type CredentialState,
  type Grant,
  type PutCredential,
  type System,
} from '@portico/plugin-bindings-common';

/**
 * The bindings backend as the browser sees it.
 *
 * Each method throws a `ResponseError` when the portal refuses: 401 and 403 where the
 * caller may not, 404 where the tenant or the thing is not the caller's to see.
 */
export interface BindingsApi {
  /** The systems of the portal; for the platform. */
  systems(): Promise<System[]>;

  grants(tenant: string): Promise<Grant[]>;
  addGrant(tenant: string, grant: CreateGrant): Promise<void>;
  revokeGrant(tenant: string, id: string): Promise<void>;

  /** One state for each system that the tenant was granted anything in. */
  credentials(tenant: string): Promise<CredentialState[]>;
  setCredential(
    tenant: string,
    system: string,
    credential: PutCredential,
  ): Promise<void>;
  removeCredential(tenant: string, system: string): Promise<void>;
}

/** The bindings backend. */
export const bindingsApiRef = createApiRef<BindingsApi>().with({
  id: 'plugin.bindings.client',
  pluginId: 'bindings',
});
