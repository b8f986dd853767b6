import { mockServices } from '@backstage/backend-test-utils';
import { type Entity } from '@backstage/catalog-model';
import { type EntityProviderConnection } from '@backstage/plugin-catalog-node';
import { type SourceDelta } from '@portico/plugin-tenancy-node';
import { TenantEntityProvider } from './TenantEntityProvider';

// With the real catalog and tenancy in module.test.ts; here only what these two
// cannot be made to do.
function component(name: string): SourceDelta['added'][number] {
  const entity: Entity = {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, namespace: 'aurora' },
  };
  return { tenant: 'aurora', source: 'checkout', entity };
}

async function connectedProvider() {
  const mutations: Parameters<EntityProviderConnection['applyMutation']>[0][] =
    [];
  let failing = false;
  const provider = new TenantEntityProvider({
    logger: mockServices.logger.mock(),
    reader: { read: async () => undefined },
    tenancy: {
      sources: {
        list: async () => [],
        get: async () => undefined,
        register: jest.fn(),
        remove: jest.fn(),
        recordScan: jest.fn(),
        recordUnreadable: jest.fn(),
        refusals: jest.fn(),
        lastGood: async () => [component('checkout')],
      },
      directory: {
        members: jest.fn(),
        entities: async () => [],
        personas: jest.fn(),
        findByIdentity: jest.fn(),
        findByMachineToken: jest.fn(),
        takeDeviceGrant: jest.fn(),
      },
    },
  });
  await provider.connect({
    applyMutation: async mutation => {
      if (failing) {
        throw new Error('connection lost');
      }
      mutations.push(mutation);
    },
    refresh: async () => {},
  });
  const removed = (delta: SourceDelta) =>
    provider.onSourcesEvent({ kind: 'removed', delta });
  return {
    mutations,
    provider,
    removed,
    setFailing: (value: boolean) => {
      failing = value;
    },
  };
}

describe('TenantEntityProvider', () => {
  it('gives the catalog everything again after a change did not arrive', async () => {
    const { mutations, provider, removed, setFailing } =
      await connectedProvider();
    expect(mutations.map(({ type }) => type)).toEqual(['full']);

    setFailing(true);
    await expect(
      removed({ added: [component('lost')], removed: [] }),
    ).rejects.toThrow('connection lost');
    setFailing(false);
    await provider.readAll();
    expect(mutations.slice(1)).toEqual([
      {
        type: 'full',
        entities: [
          expect.objectContaining({ locationKey: 'portico:aurora/checkout' }),
        ],
      },
    ]);

    // and goes on with changes alone
    await removed({ added: [component('next')], removed: [] });
    expect(mutations[2].type).toBe('delta');
  });

  it('does not remove a ref that another source inherits in the same change', async () => {
    const { mutations, removed } = await connectedProvider();
    await removed({
      added: [{ ...component('checkout'), source: 'second' }],
      removed: ['component:aurora/checkout', 'component:aurora/gone'].map(
        entityRef => ({ tenant: 'aurora', source: 'checkout', entityRef }),
      ),
    });
    expect(mutations[1]).toEqual({
      type: 'delta',
      added: [
        expect.objectContaining({ locationKey: 'portico:aurora/second' }),
      ],
      removed: [
        {
          entityRef: 'component:aurora/gone',
          locationKey: 'portico:aurora/checkout',
        },
      ],
    });
  });
});
