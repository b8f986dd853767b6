import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { searchApiRef } from '@backstage/plugin-search-react';
import { configure, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { SearchPage } from './SearchPage';

// The machine that builds is slower than the one at hand.
configure({ asyncUtilTimeout: 15_000 });
jest.setTimeout(30_000);

const found = {
  type: 'software-catalog',
  document: {
    title: 'order-intake',
    text: 'Takes orders from the shop.',
    location: '/catalog/aurora/component/order-intake',
    namespace: 'aurora',
    kind: 'Component',
    type: 'service',
    owner: 'group:aurora/checkout',
  },
  highlight: {
    preTag: '<1>',
    postTag: '</1>',
    fields: {
      title: 'order-intake',
      text: 'Takes <1>orders</1> from the shop.',
    },
  },
};

function open(address: string, query: jest.Mock) {
  // The router of the test app has an address of its own.
  window.history.replaceState(null, '', address);
  renderInTestApp(<SearchPage />, {
    apis: [
      [searchApiRef, { query }] as const,
      [
        catalogApiRef,
        catalogApiMock.mock({
          queryEntities: async () => ({
            items: [],
            totalItems: 0,
            pageInfo: {},
          }),
          getEntityFacets: async () => ({
            facets: { 'metadata.name': [{ value: 'orders', count: 1 }] },
          }),
        }),
      ] as const,
      mockApis.identity({ userEntityRef: 'user:aurora/kim' }),
    ],
  });
  return query;
}

describe('SearchPage', () => {
  it('answers the question of its address, with what fits marked', async () => {
    open(
      '/search?query=orders',
      jest.fn(async () => ({ results: [found] })),
    );
    expect(await screen.findByText('order-intake')).toHaveAttribute(
      'href',
      '/catalog/aurora/component/order-intake',
    );
    expect(screen.getByText('orders')).toHaveProperty('tagName', 'MARK');
    expect(
      screen.getByText('Component · service · owned by checkout'),
    ).toBeInTheDocument();
  });

  it('keeps what is typed in the address', async () => {
    const query = open(
      '/search',
      jest.fn(async () => ({ results: [found] })),
    );
    await userEvent.type(
      await screen.findByLabelText('Search the portal'),
      'ord',
    );
    expect(await screen.findByText('order-intake')).toBeInTheDocument();
    await waitFor(() => expect(window.location.search).toBe('?query=ord'));
    expect(query).toHaveBeenCalledTimes(1);
  });

  it('says what it searched for instead of a slip', async () => {
    open(
      '/search?query=oders',
      jest.fn(async ({ term }) => ({
        results: term === 'orders' ? [found] : [],
      })),
    );
    expect(
      await screen.findByText(
        'Nothing found for “oders”. These are the results for “orders”.',
      ),
    ).toBeInTheDocument();
  });

  it('says that nothing was found, and tells no number', async () => {
    open(
      '/search?query=zzzzzz',
      jest.fn(async () => ({ results: [], numberOfResults: 41 })),
    );
    expect(
      await screen.findByText('Nothing found for “zzzzzz”'),
    ).toBeInTheDocument();
    expect(screen.queryByText(/41/)).not.toBeInTheDocument();
  });

  it('tries again after a failure', async () => {
    const query = jest
      .fn()
      .mockRejectedValueOnce(new Error('No connection'))
      .mockResolvedValue({ results: [found] });
    open('/search?query=orders', query);
    expect(await screen.findByText('No connection')).toBeInTheDocument();
    await userEvent.click(screen.getByText('Try again'));
    expect(await screen.findByText('order-intake')).toBeInTheDocument();
  });
});
