import { mockServices } from '@backstage/backend-test-utils';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { type PorticoDatabase } from '@portico/database';
import { createGateSources } from './createGateSources';

const entity = (
  ref: string,
  relations: Record<string, string[]> = {},
): Entity => {
  const [kind, namespace, name] = ref.split(/[:/]/);
  return {
    apiVersion: 'test',
    kind,
    metadata: { namespace, name },
    relations: Object.entries(relations).flatMap(([type, targets]) =>
      targets.map(targetRef => ({ type, targetRef })),
    ),
  };
};
const ownedBy = (owner: string) => ({ ownedBy: [owner] });

const entities = [
  entity('component:aurora/checkout', {
    ownedBy: ['group:aurora/shop'],
    dependencyOf: [
      'component:aurora/till',
      'component:aurora/cart',
      'resource:aurora/gone',
      'component:borealis/spy',
    ],
    providesApi: ['api:aurora/orders', 'api:borealis/spy'],
  }),
  entity('component:aurora/till', ownedBy('group:aurora/stores')),
  entity('component:aurora/cart', ownedBy('group:aurora/shop')),
  entity('component:aurora/mail', ownedBy('user:aurora/kim')),
  entity('component:borealis/spy', ownedBy('group:borealis/spies')),
  entity('api:aurora/orders', {
    apiConsumedBy: ['component:aurora/mail', 'component:aurora/till'],
  }),
];

describe('createGateSources', () => {
  const asked: string[] = [];
  const none = async (): Promise<never> => {
    throw new Error('Nothing asks for this');
  };
  const sources = createGateSources({
    auth: mockServices.auth(),
    catalog: {
      getEntitiesByRefs: async ({ entityRefs }) => {
        asked.push(...entityRefs);
        return {
          items: entityRefs.map(ref =>
            entities.find(one => stringifyEntityRef(one) === ref),
          ),
        };
      },
    },
    // Nothing of the tables is looked at here.
    database: { inTenant: none } as unknown as PorticoDatabase,
    directory: { members: none },
    gitHost: { get: none, authors: none, resolve: none },
    resolver: { resolve: none },
    observer: { observe: none },
  });

  it('finds who owns what depends on a component, but for its own owners', async () => {
    await expect(
      sources.dependants({
        tenant: 'aurora',
        component: 'component:aurora/checkout',
      }),
    ).resolves.toEqual({
      // what is gone has no owners, and stays counted
      count: 3,
      owners: ['group:aurora/stores', 'user:aurora/kim'],
    });
    await expect(
      sources.dependants({
        tenant: 'aurora',
        component: 'component:aurora/till',
      }),
    ).resolves.toEqual({ count: 0, owners: [] });
  });

  it('never asks the catalog for what is not the tenant’s', async () => {
    await expect(
      sources.component({
        tenant: 'aurora',
        component: 'component:borealis/spy',
      }),
    ).rejects.toThrow('There is no component:borealis/spy in aurora');
    expect(asked.filter(ref => !ref.includes(':aurora/'))).toEqual([]);
    expect(asked).not.toEqual([]);
  });
});
