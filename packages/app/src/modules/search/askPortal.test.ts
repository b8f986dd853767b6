import { askPortal, readMarks, type SearchContext } from './askPortal';

const question = { text: 'chekout', type: 'all' } as const;

const entity = (name: string, description: string) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { namespace: 'aurora', name, description },
  spec: { type: 'service', owner: 'group:aurora/checkout' },
});

function fakePortal(indexed: Record<string, string[]> = {}) {
  return {
    tenant: 'aurora',
    search: {
      query: jest.fn(async ({ term }) => ({
        results: (indexed[term] ?? []).map(name => ({
          type: 'software-catalog',
          document: {
            title: name,
            text: 'text',
            location: `/catalog/aurora/component/${name}`,
            namespace: 'aurora',
            kind: 'Component',
          },
        })),
      })),
    },
    catalog: {
      queryEntities: jest.fn(async () => ({
        items: [] as ReturnType<typeof entity>[],
        totalItems: 3,
        pageInfo: {},
      })),
      getEntityFacets: jest.fn(async () => ({
        facets: { 'metadata.name': [{ value: 'checkout-page', count: 1 }] },
      })),
    },
  } satisfies SearchContext;
}

describe('askPortal', () => {
  it('asks the index within the tenant and the platform alone', async () => {
    const portal = fakePortal({ cart: ['cart'] });
    const { results } = await askPortal(
      { text: 'cart', type: 'software-catalog', kind: 'Component' },
      portal,
    );
    expect(results).toHaveLength(1);
    expect(portal.search.query).toHaveBeenCalledWith(
      expect.objectContaining({
        types: ['software-catalog'],
        filters: { namespace: ['aurora', 'default'], kind: 'Component' },
      }),
    );
    expect(portal.catalog.getEntityFacets).not.toHaveBeenCalled();
  });

  it('finds what is too new for the index, and nothing twice', async () => {
    const portal = fakePortal({ cart: ['cart'] });
    portal.catalog.queryEntities.mockResolvedValue({
      items: [entity('cart', 'old'), entity('cart-api', 'made just now')],
      totalItems: 0,
      pageInfo: {},
    });
    const { results } = await askPortal({ text: 'cart', type: 'all' }, portal);
    expect(results.map(({ location }) => location)).toEqual([
      '/catalog/aurora/component/cart',
      '/catalog/aurora/component/cart-api',
    ]);
    expect(results[1]).toMatchObject({
      excerpt: [{ text: 'made just now', isMatch: false }],
      owner: 'group:aurora/checkout',
    });
  });

  it('corrects a slip by words that the caller can see', async () => {
    const portal = fakePortal({ checkout: ['checkout-page'] });
    const answer = await askPortal(question, portal);
    expect(answer.corrected).toBe('checkout');
    expect(answer.results).toHaveLength(1);
    expect(portal.catalog.getEntityFacets).toHaveBeenCalledWith(
      expect.objectContaining({
        filter: { 'metadata.namespace': ['aurora', 'default'] },
      }),
    );
  });

  it('reads the tags alone of a very large catalog', async () => {
    const portal = fakePortal();
    portal.catalog.queryEntities.mockResolvedValue({
      items: [],
      totalItems: 5001,
      pageInfo: {},
    });
    await askPortal(question, portal);
    expect(portal.catalog.getEntityFacets).toHaveBeenCalledWith(
      expect.objectContaining({ facets: ['metadata.tags', 'spec.type'] }),
    );
  });

  it('claims no correction that finds nothing', async () => {
    const answer = await askPortal(question, fakePortal());
    expect(answer).toMatchObject({ results: [] });
    expect(answer.corrected).toBeUndefined();
  });
});

describe('readMarks', () => {
  const marks = { preTag: '<1>', postTag: '</1>' };

  it('tells what fits the question from the rest', () => {
    expect(readMarks('a <1>cart</1> for <1>all</1>', marks)).toEqual([
      { text: 'a ', isMatch: false },
      { text: 'cart', isMatch: true },
      { text: ' for ', isMatch: false },
      { text: 'all', isMatch: true },
    ]);
  });

  it('leaves a text without marks as it is, whatever it contains', () => {
    expect(readMarks('<b>x</b>', undefined)).toEqual([
      { text: '<b>x</b>', isMatch: false },
    ]);
  });
});
