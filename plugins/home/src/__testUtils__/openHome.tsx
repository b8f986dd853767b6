import { CatalogClient } from '@backstage/catalog-client';
import {
  type ApiRef,
  createFrontendModule,
  createFrontendPlugin,
  createRouteRef,
  discoveryApiRef,
  fetchApiRef,
  type FrontendFeature,
  identityApiRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { mockApis, renderTestApp } from '@backstage/frontend-test-utils';
import { AppRootWrapperBlueprint } from '@backstage/plugin-app-react';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import {
  NotificationsClient,
  notificationsApiRef,
} from '@backstage/plugin-notifications';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import auditPlugin from '@portico/plugin-audit';
import localRuntimePlugin from '@portico/plugin-local-runtime';
import tenancyPlugin from '@portico/plugin-tenancy';
import { type ReactNode } from 'react';
import { SWRConfig } from 'swr';
import homePlugin from '..';
import { type FakePortal } from './FakePortal';

/** The answers of usePermission are kept for all of a file otherwise. */
const freshCache = createFrontendModule({
  pluginId: 'app',
  extensions: [
    AppRootWrapperBlueprint.make({
      params: {
        component: ({ children }: { children: ReactNode }) => (
          <SWRConfig value={{ provider: () => new Map() }}>
            {children}
          </SWRConfig>
        ),
      },
    }),
  ],
});

const catalogEntity = createRouteRef({ params: ['kind', 'namespace', 'name'] });
const catalogIndex = createRouteRef();

/** Only the addresses of the catalog: its pages are not looked at here. */
const catalogPages = createFrontendPlugin({
  pluginId: 'catalog',
  routes: { catalogEntity, catalogIndex },
  extensions: [
    PageBlueprint.make({
      params: {
        path: '/catalog',
        routeRef: catalogIndex,
        loader: async () => <main>the catalog</main>,
      },
    }),
    PageBlueprint.make({
      name: 'entity',
      params: {
        path: '/catalog/:namespace/:kind/:name',
        routeRef: catalogEntity,
        loader: async () => <main>an entity</main>,
      },
    }),
  ],
});

/** Opens the home page of somebody who may do everything that is asked for. */
export function openHome(
  portal: FakePortal,
  options: {
    features?: FrontendFeature[];
    hasRuntime?: boolean;
    mayAdminister?: boolean;
  } = {},
) {
  const { features = [], hasRuntime = true, mayAdminister = true } = options;
  const clients = {
    discoveryApi: {
      getBaseUrl: async (id: string) => `http://portal/api/${id}`,
    },
    fetchApi: portal,
  };
  return renderTestApp({
    features: [
      homePlugin,
      tenancyPlugin,
      auditPlugin,
      localRuntimePlugin,
      catalogPages,
      freshCache,
      ...features,
    ],
    initialRouteEntries: ['/'],
    config: {
      app: { baseUrl: 'http://localhost' },
      ...(hasRuntime && { localRuntime: { url: 'http://127.0.0.1:7017' } }),
    },
    apis: [
      api(fetchApiRef, portal),
      api(discoveryApiRef, clients.discoveryApi),
      api(catalogApiRef, new CatalogClient(clients)),
      api(notificationsApiRef, new NotificationsClient(clients)),
      api(
        identityApiRef,
        mockApis.identity({ userEntityRef: portal.me.userRef }),
      ),
      api(
        permissionApiRef,
        mockApis.permission({
          authorize: () =>
            mayAdminister ? AuthorizeResult.ALLOW : AuthorizeResult.DENY,
        }),
      ),
    ],
  });
}

function api<T>(ref: ApiRef<T>, implementation: T) {
  return [ref, implementation] as const;
}
