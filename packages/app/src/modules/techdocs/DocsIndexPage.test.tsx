import { type Entity } from '@backstage/catalog-model';
import { identityApiRef } from '@backstage/frontend-plugin-api';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { catalogApiRef, entityRouteRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import techdocsPlugin from '@backstage/plugin-techdocs/alpha';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { DocsIndexPage } from './DocsIndexPage';

function documented(namespace: string, name: string, owner: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      namespace,
      name,
      description: `About ${name}`,
      annotations: { 'backstage.io/techdocs-ref': 'dir:.' },
    },
    spec: { type: 'service' },
    relations: [{ type: 'ownedBy', targetRef: owner }],
  };
}

function open(entities: Entity[]) {
  renderInTestApp(<DocsIndexPage />, {
    apis: [
      [catalogApiRef, catalogApiMock({ entities })],
      [
        identityApiRef,
        {
          getBackstageIdentity: async () => ({
            type: 'user' as const,
            userEntityRef: 'user:aurora/kim',
            ownershipEntityRefs: ['group:aurora/zebra'],
          }),
        },
      ],
    ],
    mountedRoutes: {
      '/docs/:namespace/:kind/:name': techdocsPlugin.routes.docRoot,
      '/catalog/:namespace/:kind/:name': entityRouteRef,
    },
  });
}

it('lists docs by owner, own teams first and the platform last', async () => {
  open([
    documented('default', 'portico', 'group:default/platform'),
    documented('aurora', 'billing', 'group:aurora/alpha'),
    documented('aurora', 'checkout', 'group:aurora/zebra'),
  ]);
  const link = await screen.findByText('checkout');
  expect(link.closest('a')).toHaveAttribute(
    'href',
    '/docs/aurora/component/checkout',
  );
  const owners = screen.getAllByRole('heading', { level: 2 });
  expect(owners.map(owner => owner.textContent)).toEqual([
    expect.stringMatching(/zebra.*yours/),
    expect.stringMatching(/alpha/),
    expect.stringContaining('platform'),
  ]);
});

it('finds docs by words', async () => {
  open([
    documented('aurora', 'billing', 'group:aurora/alpha'),
    documented('aurora', 'checkout', 'group:aurora/alpha'),
  ]);
  await userEvent.type(await screen.findByRole('searchbox'), 'about bill');
  const section = screen.getByRole('region', { name: /alpha/ });
  expect(within(section).getAllByRole('listitem')).toHaveLength(1);
  await userEvent.type(screen.getByRole('searchbox'), 'x');
  expect(await screen.findByText(/Nothing fits/)).toBeInTheDocument();
});

it('says how an entity gets documentation', async () => {
  open([]);
  expect(
    await screen.findByText('There is no documentation yet'),
  ).toBeInTheDocument();
});
