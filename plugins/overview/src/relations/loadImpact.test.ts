import { entity, FakeCatalog } from '../__testUtils__/FakeCatalog';
import { loadImpact, MAX_IMPACT } from './loadImpact';

const api = entity('API', 'orders', {
  apiProvidedBy: ['component:intake'],
  apiConsumedBy: ['component:shop', 'component:hidden'],
  ownedBy: ['group:checkout'],
});
const shop = entity('Component', 'shop', {
  consumesApi: ['api:orders'],
  providesApi: ['api:pages'],
  ownedBy: ['group:web'],
});
const pages = entity('API', 'pages', {
  apiProvidedBy: ['component:shop'],
  apiConsumedBy: ['component:app', 'component:shop'],
  ownedBy: ['group:web'],
});
const app = entity('Component', 'app', {
  consumesApi: ['api:pages'],
  // a circle
  providesApi: ['api:orders'],
  partOf: ['system:all'],
  ownedBy: ['group:mobile'],
});
const intake = entity('Component', 'intake', { providesApi: ['api:orders'] });

it('finds who is affected behind the next one, and whom to tell', async () => {
  const catalog = new FakeCatalog([api, shop, pages, app, intake]);
  const impact = await loadImpact(catalog.client, api);
  expect(
    impact.affected.map(({ ref, steps, through }) => [ref, steps, through]),
  ).toEqual([
    ['component:aurora/hidden', 1, undefined],
    ['component:aurora/shop', 1, undefined],
    ['api:aurora/pages', 2, 'component:aurora/shop'],
    ['component:aurora/app', 3, 'api:aurora/pages'],
  ]);
  // What may not be seen is named by its ref alone, which the API itself says.
  expect(impact.affected[0].entity).toBeUndefined();
  expect(impact.owners).toEqual([
    { ref: 'group:aurora/web', count: 2 },
    { ref: 'group:aurora/mobile', count: 1 },
  ]);
  expect(impact.isCut).toBe(false);
  // One request per step.
  expect(catalog.batches).toHaveLength(3);
});

it('asks for nothing that is known already', async () => {
  const catalog = new FakeCatalog([api, shop, pages, app]);
  const known = new Map([
    ['component:aurora/shop', shop],
    ['component:aurora/hidden', undefined],
    ['api:aurora/pages', pages],
    ['component:aurora/app', app],
  ]);
  const impact = await loadImpact(catalog.client, api, known);
  expect(impact.affected).toHaveLength(4);
  expect(catalog.batches).toEqual([]);
});

it('says when there is more than it follows', async () => {
  const consumers = Array.from(
    { length: MAX_IMPACT + 1 },
    (_, index) => `component:c${index}`,
  );
  const impact = await loadImpact(
    new FakeCatalog([]).client,
    entity('API', 'busy', { apiConsumedBy: consumers }),
  );
  expect(impact.affected).toHaveLength(MAX_IMPACT);
  expect(impact.isCut).toBe(true);
});
