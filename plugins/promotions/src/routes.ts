import {
  createExternalRouteRef,
  createRouteRef,
} from '@backstage/frontend-plugin-api';

export const rootRouteRef = createRouteRef();
export const boardRouteRef = createRouteRef();
export const promotionsRouteRef = createRouteRef();
export const promotionRouteRef = createRouteRef({ params: ['id'] });
export const calendarRouteRef = createRouteRef();
export const figuresRouteRef = createRouteRef();
export const driftRouteRef = createRouteRef();

/** Path of the tab on the pages of components. */
export const DELIVERY_PATH = '/delivery';

/** Pages of other plugins that these pages lead to; those not installed are left out. */
export const externalRoutes = {
  entity: createExternalRouteRef({
    params: ['kind', 'namespace', 'name'],
    defaultTarget: 'catalog.catalogEntity',
  }),
  repository: createExternalRouteRef({
    params: ['tenant', 'repository'],
    defaultTarget: 'git-host.repository',
  }),
  auditEntries: createExternalRouteRef({ defaultTarget: 'audit.entries' }),
};
