import fc from 'fast-check';
import {
  type CatalogView,
  changeView,
  defaultView,
  readView,
  scopes,
  sortableFields,
  toFilter,
  writeView,
} from './catalogView';

const viewer = {
  tenant: 'aurora',
  ownerRefs: ['user:aurora/kim', 'group:aurora/checkout'],
};
const read = (query: string) =>
  readView(new URLSearchParams(query), 'component');

const word = fc
  .stringMatching(/^[a-z0-9:/.& =%+-]{1,12}$/)
  .map(text => text.trim())
  .filter(text => text !== '');
const words = fc.uniqueArray(word, { maxLength: 4 });
const views: fc.Arbitrary<CatalogView> = fc
  .record({
    kind: fc.constantFrom('component', 'api', 'system', 'user', 'all'),
    scope: fc.constantFrom(...scopes),
    text: fc.oneof(fc.constant(''), word),
    types: words,
    lifecycles: words,
    tags: words,
    owner: fc.option(word, { nil: undefined }),
    sort: fc.nat(),
    isDescending: fc.boolean(),
    page: fc.integer({ min: 2, max: 9 }),
    cursor: fc.option(word, { nil: undefined }),
  })
  .map(({ owner, cursor, page, sort, ...view }) => {
    const fields = sortableFields(view.kind);
    return {
      ...view,
      sort: fields[sort % fields.length],
      ...(owner !== undefined && { owner }),
      page: cursor === undefined ? 1 : page,
      ...(cursor !== undefined && { cursor }),
    };
  });

describe('the view in the address', () => {
  it('comes back as it was written, whatever is in it', () => {
    fc.assert(
      fc.property(views, view => {
        const address = writeView(view, 'component').toString();
        expect(readView(new URLSearchParams(address), 'component')).toEqual(
          view,
        );
      }),
    );
  });

  it('is short where nothing was chosen', () => {
    expect(writeView(defaultView('component'), 'component').toString()).toBe(
      '',
    );
  });

  it('reads any address, and keeps the kind of a page that is about one', () => {
    fc.assert(
      fc.property(fc.webQueryParameters(), query => {
        const view = readView(new URLSearchParams(query), 'api', true);
        expect(view.kind).toBe('api');
        expect(sortableFields('api')).toContain(view.sort);
        expect(view.page).toBeGreaterThan(0);
      }),
    );
    expect(readView(new URLSearchParams('kind=user'), 'api', true).kind).toBe(
      'api',
    );
  });

  it('understands the addresses that other plugins write for the stock page', () => {
    expect(
      read(
        'filters[kind]=API&filters[type][0]=openapi&filters[owners][0]=group:aurora/checkout&filters[user]=all',
      ),
    ).toMatchObject({
      kind: 'api',
      types: ['openapi'],
      owner: 'group:aurora/checkout',
    });
    expect(read('filters[user]=owned').owner).toBe('mine');
  });

  it('leaves out an order that would lose entities without the field', () => {
    expect(read('kind=system&sort=lifecycle')).toMatchObject({ sort: 'name' });
    expect(read('sort=-lifecycle')).toMatchObject({
      sort: 'lifecycle',
      isDescending: true,
    });
  });

  it('begins anew at the first page with each choice', () => {
    const later = read('type=service&page=3&cursor=abc');
    expect(later).toMatchObject({ page: 3, cursor: 'abc' });
    const changed = changeView(later, { owner: 'mine' });
    expect(changed).toMatchObject({ page: 1, types: ['service'] });
    expect(changed.cursor).toBeUndefined();
    expect(changeView(later, { kind: 'system' }).types).toEqual([]);
  });
});

describe('what the catalog is asked', () => {
  it('stays in the tenant unless the platform is wanted', () => {
    const filter = (query: string) => toFilter(read(query), viewer);
    expect(filter('')).toEqual({
      kind: 'component',
      'metadata.namespace': ['aurora'],
    });
    expect(filter('scope=platform')).toMatchObject({
      'metadata.namespace': ['default'],
    });
    expect(filter('kind=all&scope=all')).toEqual({
      'metadata.namespace': ['aurora', 'default'],
    });
  });

  it('turns "mine" into the person and the person’s groups', () => {
    expect(toFilter(read('owner=mine&tag=java&tag=kafka'), viewer)).toEqual({
      kind: 'component',
      'metadata.namespace': ['aurora'],
      'metadata.tags': ['java', 'kafka'],
      'relations.ownedBy': ['user:aurora/kim', 'group:aurora/checkout'],
    });
  });
});
