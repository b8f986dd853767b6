import { type Entity } from '@backstage/catalog-model';
import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import { catalogApiRef, entityRouteRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { act, configure, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { CatalogList } from './CatalogList';

// The machine that builds is slower than the one at hand.
configure({ asyncUtilTimeout: 15_000 });
jest.setTimeout(30_000);

const component = (name: string, spec: object = {}): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { namespace: 'aurora', name, description: `What ${name} does` },
  spec: {
    type: 'service',
    lifecycle: 'production',
    owner: 'group:aurora/checkout',
    ...spec,
  },
});

function fakeCatalog() {
  return {
    queryEntities: jest.fn(),
    getEntityFacets: jest.fn(async () => ({
      facets: {
        kind: [{ value: 'Component', count: 2 }],
        'spec.type': [{ value: 'service', count: 2 }],
        'relations.ownedBy': [{ value: 'group:aurora/checkout', count: 2 }],
        'spec.lifecycle': [],
        'metadata.tags': [],
      },
    })),
  };
}

function open(address: string, catalog = fakeCatalog(), isKindFixed = false) {
  // The router of the test app has an address of its own.
  window.history.replaceState(null, '', address);
  renderInTestApp(
    <CatalogList
      kind={isKindFixed ? 'api' : 'component'}
      isKindFixed={isKindFixed}
    />,
    {
      apis: [
        [catalogApiRef, catalogApiMock.mock(catalog)] as const,
        mockApis.identity({
          userEntityRef: 'user:aurora/kim',
          ownershipEntityRefs: ['group:aurora/checkout'],
        }),
      ],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    },
  );
  return catalog;
}

const answer = (
  items: Entity[],
  pageInfo: object = {},
  totalItems = items.length,
) => ({ items, totalItems, pageInfo });

describe('CatalogList', () => {
  it('asks once for its rows, with few fields, and then for its choices', async () => {
    const catalog = fakeCatalog();
    catalog.queryEntities.mockResolvedValue(
      answer([component('cart'), component('order-intake')]),
    );
    open('/catalog', catalog);
    const link = await screen.findByText('cart');
    expect(link).toHaveAttribute('href', '/catalog/aurora/component/cart');
    expect(await screen.findByText('2 entries')).toBeInTheDocument();
    expect(screen.getByText('What order-intake does')).toBeInTheDocument();
    await waitFor(() =>
      expect(catalog.getEntityFacets).toHaveBeenCalledTimes(2),
    );
    expect(catalog.queryEntities).toHaveBeenCalledTimes(1);
    expect(catalog.queryEntities).toHaveBeenCalledWith(
      expect.objectContaining({
        limit: 25,
        fields: expect.not.arrayContaining(['relations', 'spec']),
        filter: { kind: 'component', 'metadata.namespace': ['aurora'] },
      }),
    );
  });

  it('shows what stands in the address', async () => {
    const catalog = fakeCatalog();
    catalog.queryEntities.mockResolvedValue(answer([component('cart')]));
    open('/catalog?type=service&owner=mine&text=pay&sort=-owner', catalog);
    await screen.findByText('cart');
    expect(catalog.queryEntities).toHaveBeenCalledWith(
      expect.objectContaining({
        filter: {
          kind: 'component',
          'metadata.namespace': ['aurora'],
          'spec.type': ['service'],
          'relations.ownedBy': ['user:aurora/kim', 'group:aurora/checkout'],
        },
        orderFields: { field: 'spec.owner', order: 'desc' },
        fullTextFilter: expect.objectContaining({ term: 'pay' }),
      }),
    );
    expect(screen.getByLabelText('Filter')).toHaveValue('pay');
  });

  it('keeps a typed text in the address, and follows the way back', async () => {
    const catalog = fakeCatalog();
    catalog.queryEntities.mockResolvedValue(answer([component('cart')]));
    open('/catalog', catalog);
    await screen.findByText('cart');
    await userEvent.type(screen.getByLabelText('Filter'), 'ord');
    await waitFor(() => expect(window.location.search).toBe('?text=ord'));
    act(() => {
      window.history.replaceState(null, '', '/catalog');
      window.dispatchEvent(new PopStateEvent('popstate'));
    });
    await waitFor(() =>
      expect(screen.getByLabelText('Filter')).toHaveValue(''),
    );
  });

  it('turns pages by the cursors of the catalog', async () => {
    const catalog = fakeCatalog();
    catalog.queryEntities.mockImplementation(async request =>
      'cursor' in request
        ? answer([component('zebra')], { prevCursor: 'before' }, 26)
        : answer([component('cart')], { nextCursor: 'after' }, 26),
    );
    open('/catalog', catalog);
    expect(await screen.findByText('26 entries, page 1 of 2')).toBeVisible();
    await userEvent.click(screen.getByText('Next'));
    expect(await screen.findByText('zebra')).toBeInTheDocument();
    expect(window.location.search).toBe('?page=2&cursor=after');
    await waitFor(() =>
      expect(screen.getByText('26 entries, page 2 of 2')).toHaveFocus(),
    );
  });

  it('says that nothing matches, and takes the filters away', async () => {
    const catalog = fakeCatalog();
    catalog.queryEntities.mockResolvedValue(answer([]));
    open('/catalog?type=robot', catalog);
    expect(
      await screen.findByText('Nothing matches these filters'),
    ).toBeInTheDocument();
    await userEvent.click(screen.getAllByText('Clear filters')[0]);
    expect(window.location.search).toBe('');
    expect(await screen.findByText('Nothing here yet')).toBeInTheDocument();
  });

  it('says what failed and tries again', async () => {
    const catalog = fakeCatalog();
    catalog.queryEntities.mockRejectedValueOnce(new Error('No connection'));
    catalog.queryEntities.mockResolvedValue(answer([component('cart')]));
    open('/catalog', catalog);
    expect(await screen.findByText('No connection')).toBeInTheDocument();
    await userEvent.click(screen.getByText('Try again'));
    expect(await screen.findByText('cart')).toBeInTheDocument();
  });

  it('tells a refusal from a failure', async () => {
    const catalog = fakeCatalog();
    catalog.queryEntities.mockRejectedValue(
      Object.assign(new Error('No'), { statusCode: 403 }),
    );
    open('/catalog', catalog);
    expect(await screen.findByText('You may not see this')).toBeInTheDocument();
    expect(screen.queryByText('Try again')).not.toBeInTheDocument();
  });

  it('is about one kind where the page is', async () => {
    const catalog = fakeCatalog();
    catalog.queryEntities.mockResolvedValue(
      answer([{ ...component('orders', { type: 'openapi' }), kind: 'API' }]),
    );
    open('/api-docs?kind=user', catalog, true);
    expect(await screen.findByText('orders')).toHaveAttribute(
      'href',
      '/catalog/aurora/api/orders',
    );
    expect(screen.queryByLabelText('Kind')).not.toBeInTheDocument();
    expect(catalog.queryEntities).toHaveBeenCalledWith(
      expect.objectContaining({
        filter: expect.objectContaining({ kind: 'api' }),
      }),
    );
  });
});
