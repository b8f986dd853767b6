import { type ReactElement } from 'react';
import { identityApiRef } from '@backstage/frontend-plugin-api';
import {
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { type Entity } from '@backstage/catalog-model';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import {
  promotionOperatePermission,
  promotionReadPermission,
} from '@portico/plugin-promotions-common';
import { SWRConfig } from 'swr';
import { promotionsApiRef } from '../api/PromotionsApi';
import { PromotionsClient } from '../api/PromotionsClient';
import { type FakeTenantDelivery } from './FakeTenantDelivery';

/** Who reads overviews, and who may do something there. */
export const reader = [promotionReadPermission];
export const operator = [promotionReadPermission, promotionOperatePermission];

const entities: Entity[] = ['checkout', 'payments'].map((name, index) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, namespace: 'aurora' },
  spec: { type: 'service', lifecycle: 'production', owner: 'group:web' },
  relations: [
    {
      type: 'ownedBy',
      targetRef: index === 0 ? 'group:aurora/web' : 'group:aurora/money',
    },
  ],
}));

/** Shows an overview of delivery at an address to somebody who holds the permissions. */
export async function showOverview(
  page: ReactElement,
  portal: FakeTenantDelivery,
  options: {
    address?: string;
    permissions?: readonly { name: string }[];
    userRef?: string;
  } = {},
): Promise<void> {
  const {
    address = '/',
    permissions = operator,
    userRef = 'user:aurora/kim',
  } = options;
  window.history.replaceState(null, '', address);
  await renderInTestApp(
    // The answers of usePermission are kept for all of a file otherwise.
    <SWRConfig value={{ provider: () => new Map() }}>
      <TestApiProvider
        apis={[
          [promotionsApiRef, new PromotionsClient({ fetchApi: portal })],
          [catalogApiRef, catalogApiMock({ entities })],
          [identityApiRef, mockApis.identity({ userEntityRef: userRef })],
          [
            permissionApiRef,
            mockApis.permission({
              authorize: ({ permission }) =>
                permissions.some(({ name }) => name === permission.name)
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
