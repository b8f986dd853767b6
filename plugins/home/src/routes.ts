import {
  createExternalRouteRef,
  createRouteRef,
} from '@backstage/frontend-plugin-api';

export const rootRouteRef = createRouteRef();

const entityParams = ['kind', 'namespace', 'name'] as const;

/** Pages of other plugins that the home page leads to; those not installed are left out. */
export const externalRoutes = {
  catalog: createExternalRouteRef({ defaultTarget: 'catalog.catalogIndex' }),
  entity: createExternalRouteRef({
    params: [...entityParams],
    defaultTarget: 'catalog.catalogEntity',
  }),
  create: createExternalRouteRef({ defaultTarget: 'scaffolder.root' }),
  docs: createExternalRouteRef({ defaultTarget: 'techdocs.root' }),
  docsOf: createExternalRouteRef({
    params: [...entityParams],
    defaultTarget: 'techdocs.docRoot',
  }),
  repository: createExternalRouteRef({
    params: ['tenant', 'repository'],
    defaultTarget: 'git-host.repository',
  }),
  notifications: createExternalRouteRef({
    defaultTarget: 'notifications.root',
  }),
  members: createExternalRouteRef({ defaultTarget: 'tenancy.members' }),
  sources: createExternalRouteRef({ defaultTarget: 'tenancy.sources' }),
  tenants: createExternalRouteRef({ defaultTarget: 'tenancy.tenants' }),
  tokens: createExternalRouteRef({ defaultTarget: 'tenancy.tokens' }),
  auditEntries: createExternalRouteRef({ defaultTarget: 'audit.entries' }),
  auditEvidence: createExternalRouteRef({ defaultTarget: 'audit.evidence' }),
};
