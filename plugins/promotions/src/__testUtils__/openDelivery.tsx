import {
  type ApiRef,
  createFrontendModule,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { mockApis, renderTestApp } from '@backstage/frontend-test-utils';
import { AppRootWrapperBlueprint } from '@backstage/plugin-app-react';
import { createTestEntityPage } from '@backstage/plugin-catalog-react/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { promotionPermissions } from '@portico/plugin-promotions-common';
import { type ReactNode } from 'react';
import { SWRConfig } from 'swr';
import { promotionsPlugin } from '../plugin';
import { type FakePromotionsBackend } from './FakePromotionsBackend';

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

type Permissions = readonly { name: string }[];

/** Opens a page of delivery for somebody who holds the named permissions. */
export function openPage(
  address: string,
  backend: FakePromotionsBackend,
  permissions: Permissions = promotionPermissions,
) {
  // The router of the test app has an address of its own.
  window.history.replaceState(null, '', address);
  return renderTestApp({
    features: [freshCache],
    extensions: [
      'api:promotions',
      'page:promotions',
      'page:promotions/promotion',
      'sub-page:promotions/board',
      'sub-page:promotions/promotions',
      'sub-page:promotions/calendar',
      'sub-page:promotions/figures',
      'sub-page:promotions/drift',
    ].map(id => promotionsPlugin.getExtension(id as 'page:promotions')),
    initialRouteEntries: [address],
    apis: apisOf(backend, permissions),
  });
}

/** Opens the tab "Delivery" of `component:aurora/checkout`. */
export function openTab(
  backend: FakePromotionsBackend,
  permissions: Permissions = promotionPermissions,
) {
  return renderTestApp({
    features: [freshCache],
    extensions: [
      createTestEntityPage({
        entity: {
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Component',
          metadata: { namespace: 'aurora', name: 'checkout' },
          spec: { type: 'service' },
        },
      }),
      promotionsPlugin.getExtension('api:promotions'),
      promotionsPlugin.getExtension('entity-content:promotions/delivery'),
    ],
    apis: apisOf(backend, permissions),
  });
}

/** What the pages need of the app, for tests that render a part alone. */
export function apisOf(
  backend: FakePromotionsBackend,
  permissions: Permissions = promotionPermissions,
) {
  const held = new Set(permissions.map(({ name }) => name));
  return [
    api(fetchApiRef, { fetch: backend.fetch }),
    api(
      permissionApiRef,
      mockApis.permission({
        authorize: ({ permission }) =>
          held.has(permission.name)
            ? AuthorizeResult.ALLOW
            : AuthorizeResult.DENY,
      }),
    ),
  ] as const;
}

function api<T>(ref: ApiRef<T>, implementation: T) {
  return [ref, implementation] as const;
}
