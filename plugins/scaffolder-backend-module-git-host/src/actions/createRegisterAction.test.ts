import { type Entity } from '@backstage/catalog-model';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { type Refusal, type Source } from '@portico/plugin-tenancy-common';
import { type TenancySources } from '@portico/plugin-tenancy-node';
import {
  createTestContext,
  startTestGitHost,
  testTenancy,
} from '../__testUtils__/createTestContext';
import { createRegisterAction } from './createRegisterAction';

const component = `apiVersion: backstage.io/v1alpha1
kind: API
metadata:
  name: checkout-api
---
# the component itself
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: checkout
`;

jest.setTimeout(60_000);

describe('portico:catalog:register', () => {
  let host: Awaited<ReturnType<typeof startTestGitHost>>;
  let entities: Map<string, Entity>;
  let sources: Map<string, Source>;
  let refusals: Refusal[];
  let asked: unknown[];
  /** What the reader of sources does when it is told to look. */
  let onRead: (source: Source) => void;
  let denied: boolean;

  beforeEach(async () => {
    host = await startTestGitHost();
    entities = new Map();
    sources = new Map();
    refusals = [];
    asked = [];
    denied = false;
    onRead = () => {
      entities.set('component:aurora/checkout', {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Component',
        metadata: { name: 'checkout', namespace: 'aurora' },
      });
    };
  });
  afterEach(() => host.destroy());

  /** The tables of sources as far as the action uses them. */
  function testSources(): TenancySources {
    const used: Pick<TenancySources, 'register' | 'get' | 'refusals'> = {
      async register({ tenant, name, location }) {
        const source = {
          tenant,
          name,
          location,
          createdAt: new Date().toISOString(),
        };
        sources.set(`${tenant}/${name}`, source);
        return source;
      },
      get: async ({ tenant, name }) => sources.get(`${tenant}/${name}`),
      refusals: async () => refusals,
    };
    return used as TenancySources;
  }

  function scanned(
    scan: Pick<NonNullable<Source['lastScan']>, 'outcome' | 'entities'> & {
      reason?: string;
    },
  ) {
    return (source: Source) => {
      sources.set(`${source.tenant}/${source.name}`, {
        ...source,
        lastScan: {
          at: new Date().toISOString(),
          refusals: refusals.length,
          ...scan,
        },
      });
    };
  }

  async function register(
    input: { repository: string; path?: string },
    options: { isDryRun?: boolean; userRef?: string; patienceMs?: number } = {},
  ) {
    const action = createRegisterAction({
      gitHost: host.gitHost,
      tenancy: { ...testTenancy, sources: testSources() },
      permissions: {
        authorize: async requests =>
          requests.map(() => ({
            result: denied ? AuthorizeResult.DENY : AuthorizeResult.ALLOW,
          })),
      },
      events: {
        async publish({ topic, eventPayload }) {
          asked.push({ topic, eventPayload });
          const { tenant, source } = eventPayload as {
            tenant: string;
            source: string;
          };
          const found = sources.get(`${tenant}/${source}`);
          if (found) {
            onRead(found);
          }
        },
      },
      catalog: {
        getEntityByRef: async (ref, { credentials }) => {
          expect(credentials.principal).toMatchObject({ type: 'user' });
          return entities.get(String(ref));
        },
      },
      patienceMs: options.patienceMs ?? 300,
    });
    const { context, outputs } = createTestContext({
      input,
      workspacePath: await host.folder({}),
      ...options,
    });
    await action.handler(context);
    return outputs;
  }

  it('registers the repository, asks for it to be read and gives the component', async () => {
    await host.repository('aurora', 'checkout', {
      'catalog-info.yaml': component,
    });
    expect(await register({ repository: 'checkout' })).toEqual({
      entityRef: 'component:aurora/checkout',
    });
    expect([...sources.values()]).toEqual([
      expect.objectContaining({
        tenant: 'aurora',
        name: 'checkout',
        location: {
          kind: 'repository',
          repository: 'checkout',
          branch: 'main',
          path: 'catalog-info.yaml',
        },
      }),
    ]);
    expect(asked).toEqual([
      {
        topic: 'tenancy.sources',
        eventPayload: { kind: 'read', tenant: 'aurora', source: 'checkout' },
      },
    ]);
    // again, as after a kill
    expect(await register({ repository: 'checkout' })).toEqual({
      entityRef: 'component:aurora/checkout',
    });
  });

  it('takes the tenant from the initiator, whatever the file says', async () => {
    await host.repository('aurora', 'forged', {
      'catalog-info.yaml':
        'kind: Component\nmetadata:\n  name: x\n  namespace: borealis\n',
    });
    entities.set('component:borealis/x', {
      apiVersion: 'a',
      kind: 'Component',
      metadata: { name: 'x' },
    });
    onRead = () => {};
    await expect(register({ repository: 'forged' })).rejects.toThrow(
      'component:aurora/x did not show up',
    );
  });

  it('fails with file, line and reason when the entity is refused', async () => {
    await host.repository('aurora', 'checkout', {
      'catalog-info.yaml': component,
    });
    refusals = [
      {
        file: 'catalog-info.yaml',
        line: 7,
        entityRef: 'component:aurora/checkout',
        reason: 'spec.lifecycle is missing',
      },
      { file: 'other.yaml', reason: 'cannot be read' },
    ];
    onRead = scanned({ outcome: 'read', entities: 1 });
    await expect(
      register({ repository: 'checkout' }, { patienceMs: 60_000 }),
    ).rejects.toThrow(
      'component:aurora/checkout was not taken into the catalog:\ncatalog-info.yaml:7: spec.lifecycle is missing\nother.yaml: cannot be read',
    );
    onRead = scanned({
      outcome: 'unreadable',
      entities: 0,
      reason: 'no such branch',
    });
    await expect(
      register({ repository: 'checkout' }, { patienceMs: 60_000 }),
    ).rejects.toThrow('could not be read: no such branch');
  });

  it('gives up after its patience and says what to do', async () => {
    await host.repository('aurora', 'checkout', {
      'catalog-info.yaml': component,
    });
    onRead = scanned({ outcome: 'read', entities: 1 });
    await expect(register({ repository: 'checkout' })).rejects.toThrow(
      'did not show up in the catalog within 0.3 seconds; the source aurora/checkout is registered and will be read again',
    );
  });

  it.each([
    ['kind: [', /^catalog-info\.yaml:\d+: /],
    ['# nothing\n', /^catalog-info\.yaml:1: declares no entity/],
  ])('refuses the file %j at once', async (text, message) => {
    await host.repository('aurora', 'broken', { 'catalog-info.yaml': text });
    await expect(register({ repository: 'broken' })).rejects.toThrow(message);
    expect(sources.size).toBe(0);
  });

  it('registers nothing that is absent, another tenant’s or not allowed', async () => {
    await host.repository('borealis', 'priv', {
      'catalog-info.yaml': component,
    });
    const absent = async (repository: string) => {
      try {
        await register({ repository });
      } catch (error) {
        return String(error).replaceAll(repository, '<name>');
      }
      throw new Error('It was registered');
    };
    expect(await absent('priv')).toBe(await absent('absent'));
    await expect(register({ repository: 'borealis/priv' })).rejects.toThrow(
      'write only its name',
    );
    await host.repository('aurora', 'own', { 'catalog-info.yaml': component });
    await expect(
      register({ repository: 'own', path: '../../x' }),
    ).rejects.toThrow('is no path in a repository');
    await expect(
      register({ repository: 'own', path: 'absent.yaml' }),
    ).rejects.toThrow("No file 'absent.yaml'");
    denied = true;
    await expect(register({ repository: 'own' })).rejects.toMatchObject({
      name: 'NotAllowedError',
    });
    expect(sources.size).toBe(0);
  });

  it('changes nothing in a dry run', async () => {
    expect(await register({ repository: 'dry' }, { isDryRun: true })).toEqual({
      entityRef: 'component:aurora/dry',
    });
    expect(sources.size).toBe(0);
  });
});
