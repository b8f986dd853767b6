import fc from 'fast-check';
import { MAX_VISITS, VisitStore } from './VisitStore';
import { tenantOfVisit, visitOf } from './visitOf';

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
const visit = fc.record({
  page: fc.constantFrom('entity', 'docs', 'repository'),
  ref: fc
    .tuple(fc.constantFrom('aurora', 'borealis', 'default'), name)
    .map(([tenant, thing]) => `component:${tenant}/${thing}`),
});

beforeEach(() => window.localStorage.clear());

it('keeps the latest of one person in one tenant, and nothing foreign', () => {
  fc.assert(
    fc.property(fc.array(visit, { maxLength: 40 }), visits => {
      window.localStorage.clear();
      const store = VisitStore.of('user:aurora/kim');
      visits.forEach((each, second) =>
        store.add(each, new Date(second * 1000)),
      );
      const expected = visits
        .filter(each => tenantOfVisit(each) !== 'borealis')
        .reverse()
        .filter(
          (each, index, all) =>
            all.findIndex(
              other => other.ref === each.ref && other.page === each.page,
            ) === index,
        )
        .slice(0, MAX_VISITS);
      expect(store.list().map(({ page, ref }) => ({ page, ref }))).toEqual(
        expected,
      );
      expect(VisitStore.of('user:borealis/kim').list()).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

it.each(['nonsense', '{}', '[{"page":"entity"}]', '[{"page":"x","ref":"a"}]'])(
  'begins anew where %s is stored',
  text => {
    window.localStorage.setItem('portico.visits.user:aurora/kim', text);
    const store = VisitStore.of('user:aurora/kim');
    expect(store.list()).toEqual([]);
    store.add({ page: 'docs', ref: 'component:default/portico' });
    expect(store.list()).toHaveLength(1);
    store.clear();
    expect(store.list()).toEqual([]);
  },
);

it.each([
  ['/catalog/aurora/component/cart/docs', 'entity', 'component:aurora/cart'],
  ['/docs/default/System/portico', 'docs', 'system:default/portico'],
  ['/git/aurora/cart', 'repository', 'repository:aurora/cart'],
  ['/catalog', undefined, undefined],
  ['/catalog/a/b/%E0%A4%A', undefined, undefined],
  ['/', undefined, undefined],
])('knows what %s is about', (path, page, ref) => {
  const found = visitOf(path);
  expect(found?.page).toBe(page);
  expect(found?.ref).toBe(ref);
});
