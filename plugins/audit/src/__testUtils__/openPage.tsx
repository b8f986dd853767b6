import {
  type ApiRef,
  createFrontendModule,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { AppRootWrapperBlueprint } from '@backstage/plugin-app-react';
import { mockApis, renderTestApp } from '@backstage/frontend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { auditPermissions } from '@portico/plugin-audit-common';
import { type ReactNode } from 'react';
import { SWRConfig } from 'swr';
import auditPlugin from '..';
import { type FakeAuditBackend } from './FakeAuditBackend';

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

/** Opens a page of the plugin for somebody who holds the named permissions. */
export function openPage(
  address: string,
  backend: FakeAuditBackend,
  permissions: readonly { name: string }[] = auditPermissions,
) {
  const held = new Set(permissions.map(({ name }) => name));
  // The router of the test app has an address of its own.
  window.history.replaceState(null, '', address);
  return renderTestApp({
    features: [auditPlugin, freshCache],
    initialRouteEntries: [address],
    apis: [
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
    ],
  });
}

function api<T>(ref: ApiRef<T>, implementation: T) {
  return [ref, implementation] as const;
}
