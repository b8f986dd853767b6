import { type ReactElement } from 'react';
import {
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { SWRConfig } from 'swr';
import { tenancyApiRef, type TenancyApi } from '../api/TenancyApi';

/** Renders a page for somebody who holds the named permissions and no others. */
export function renderPage(
  page: ReactElement,
  options: { tenancy: TenancyApi; permissions?: readonly { name: string }[] },
) {
  const held = new Set(options.permissions?.map(({ name }) => name));
  return renderInTestApp(
    // The answers of usePermission are kept for all of a file otherwise.
    <SWRConfig value={{ provider: () => new Map() }}>
      <TestApiProvider
        apis={[
          [tenancyApiRef, options.tenancy],
          [
            permissionApiRef,
            mockApis.permission({
              authorize: ({ permission }) =>
                held.has(permission.name)
                  ? AuthorizeResult.ALLOW
                  : AuthorizeResult.DENY,
            }),
          ],
        ]}
      >
        {page}
      </TestApiProvider>
    </SWRConfig>,
  );
}
