import { type RootConfigService } from '@backstage/backend-plugin-api';

/** The address that a SCIM client of the tenant is told. */
export function scimAddress(config: RootConfigService, tenant: string): string {
  const base = config.getString('backend.baseUrl').replace(/\/+$/, '');
  return `${base}/api/tenancy/scim/${tenant}/v2`;
}
