import {
  createExternalRouteRef,
  createRouteRef,
} from '@backstage/frontend-plugin-api';

export const graphRouteRef = createRouteRef();

/** Pages of other plugins that an entity leads to; those not installed are left out. */
export const externalRoutes = {
  catalog: createExternalRouteRef({ defaultTarget: 'catalog.catalogIndex' }),
  entity: createExternalRouteRef({
    params: ['kind', 'namespace', 'name'],
    defaultTarget: 'catalog.catalogEntity',
  }),
  docsOf: createExternalRouteRef({
    params: ['kind', 'namespace', 'name'],
    defaultTarget: 'techdocs.docRoot',
  }),
  repository: createExternalRouteRef({
    params: ['tenant', 'repository'],
    defaultTarget: 'git-host.repository',
  }),
  template: createExternalRouteRef({
    params: ['namespace', 'templateName'],
    defaultTarget: 'scaffolder.selectedTemplate',
  }),
};
