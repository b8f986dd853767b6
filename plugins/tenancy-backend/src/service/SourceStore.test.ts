import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import { TestDatabase } from '@portico/database/testUtils';
import { type Source } from '@portico/plugin-tenancy-common';
import {
  type SourceDelta,
  type SourceScan,
} from '@portico/plugin-tenancy-node';
import fc from 'fast-check';
import { tenancyMigrations } from '../migrations';
import { SourceStore } from './SourceStore';
import { TenantStore } from './TenantStore';

const now = new Date('2026-11-21T12:00:00Z');

jest.setTimeout(60_000);

describe('SourceStore', () => {
  let testDatabase: TestDatabase;
  let sources: SourceStore;
  let tenants: TenantStore;
  let made = 0;

  beforeAll(async () => {
    testDatabase = await TestDatabase.create({
      migrations: [tenancyMigrations],
    });
    sources = new SourceStore({
      database: testDatabase.database,
      now: () => now,
    });
    tenants = new TenantStore(testDatabase);
  });
  afterAll(async () => {
    await testDatabase.destroy();
  });

  /** A new tenant with empty sources of the given names. */
  async function createTenant(...names: string[]): Promise<string> {
    made += 1;
    const tenant = `tenant-${made}`;
    await tenants.create({ id: tenant, title: tenant });
    for (const name of names) {
      await register(tenant, name);
    }
    return tenant;
  }

  function register(
    tenant: string,
    name: string,
    location: Source['location'] = repository(name),
  ) {
    return sources.register({
      tenant,
      name,
      location,
      registeredBy: `user:${tenant}/kim`,
    });
  }

  function scan(
    tenant: string,
    source: string,
    entities: SourceScan['entities'],
    refusals: SourceScan['refusals'] = [],
  ) {
    return sources.recordScan({
      tenant,
      source,
      revision: 'c0ffee',
      entities,
      refusals,
    });
  }

  it('registers a source once, and the same registration again', async () => {
    const tenant = await createTenant('checkout');

    await expect(register(tenant, 'checkout')).resolves.toMatchObject({
      tenant,
      name: 'checkout',
      location: {
        kind: 'repository',
        repository: 'checkout',
        branch: 'main',
        path: 'catalog-info.yaml',
      },
    });
    await expect(sources.list({ tenant })).resolves.toHaveLength(1);
    await expect(
      register(tenant, 'checkout', repository('other')),
    ).rejects.toThrow(
      'The source "checkout" exists already and reads another address; remove it first or choose another name',
    );
    await expect(
      register(tenant, 'second', repository('checkout')),
    ).rejects.toThrow('The source "checkout" reads this address already');
    await expect(register(tenant, 'directory')).rejects.toThrow(ConflictError);
    await expect(register('nobody', 'checkout')).rejects.toThrow(NotFoundError);
  });

  it('refuses an address that another tenant reads, without saying whose', async () => {
    const first = await createTenant();
    const second = await createTenant();
    await register(first, 'shop', url('https://git.example.org/Shop/app'));

    for (const same of [
      'https://git.example.org/Shop/app',
      'http://git.example.org/shop/app/',
      'https://GIT.example.org:443/Shop/%61pp#readme',
    ]) {
      await expect(register(second, 'mine', url(same))).rejects.toThrow(
        new ConflictError('This address cannot be registered'),
      );
    }
    await expect(sources.list({ tenant: second })).resolves.toEqual([]);
    await register(second, 'mine', url('https://git.example.org/Shop/other'));
  });

  it.each([
    repository('a', '../other/catalog-info.yaml'),
    repository('a', 'docs/../../x.yaml'),
    repository('a', '/etc/passwd'),
    repository('a', 'a\\..\\b'),
    repository('a', '.'),
    url('https://kim:secret@git.example.org/a'),
    url('https://git.example.org/%ff'),
  ])('refuses the location %j', async location => {
    const tenant = await createTenant();
    await expect(register(tenant, 'a', location)).rejects.toThrow(InputError);
  });

  it('keeps a ref with the source that declared it first', async () => {
    const tenant = await createTenant('a', 'b', 'c');
    await expect(
      scan(tenant, 'a', [document(tenant, 'shop', { line: 3 })]),
    ).resolves.toEqual({
      added: [{ tenant, source: 'a', entity: entity(tenant, 'shop') }],
      removed: [],
    });
    const nothing = { added: [], removed: [] };
    await expect(
      scan(tenant, 'b', [document(tenant, 'shop', { title: 'B' })]),
    ).resolves.toEqual(nothing);
    await scan(tenant, 'c', [document(tenant, 'shop', { line: 7 })]);

    await expect(sources.refusals({ tenant, name: 'c' })).resolves.toEqual([
      {
        file: 'catalog-info.yaml',
        line: 7,
        entityRef: `component:${tenant}/shop`,
        reason: `component:${tenant}/shop is already declared by the source "a" (catalog-info.yaml, line 3); remove one of the two`,
      },
    ]);
    await expect(sources.get({ tenant, name: 'b' })).resolves.toMatchObject({
      lastScan: { entities: 0, refusals: 1, outcome: 'read' },
    });

    // The holder lets go: who waited longest inherits, not who has the better name.
    await scan(tenant, 'b', [document(tenant, 'shop', { title: 'changed' })]);
    await expect(scan(tenant, 'a', [])).resolves.toEqual({
      added: [
        {
          tenant,
          source: 'b',
          entity: entity(tenant, 'shop', 'changed'),
        },
      ],
      removed: [{ tenant, source: 'a', entityRef: `component:${tenant}/shop` }],
    });
    await expect(sources.refusals({ tenant, name: 'b' })).resolves.toEqual([]);

    await expect(sources.remove({ tenant, name: 'b' })).resolves.toEqual({
      added: [{ tenant, source: 'c', entity: entity(tenant, 'shop') }],
      removed: [{ tenant, source: 'b', entityRef: `component:${tenant}/shop` }],
    });
    await expect(sources.remove({ tenant, name: 'b' })).rejects.toThrow(
      NotFoundError,
    );
  });

  it('gives only what changed, and keeps the last good set of an unreadable source', async () => {
    const tenant = await createTenant('a');
    const documents = [document(tenant, 'x'), document(tenant, 'y')];
    await scan(tenant, 'a', documents);
    await expect(scan(tenant, 'a', documents)).resolves.toEqual({
      added: [],
      removed: [],
    });
    await sources.recordUnreadable({
      tenant,
      source: 'a',
      reason: 'no such branch',
    });

    await expect(sources.get({ tenant, name: 'a' })).resolves.toMatchObject({
      lastScan: {
        at: now.toISOString(),
        outcome: 'unreadable',
        reason: 'no such branch',
        entities: 2,
        refusals: 0,
      },
    });
    expect(await emitted(tenant)).toEqual([
      `component:${tenant}/x a`,
      `component:${tenant}/y a`,
    ]);
  });

  it('refuses what cannot be kept, with file and line, and keeps its neighbours', async () => {
    const tenant = await createTenant('a');
    await scan(
      tenant,
      'a',
      [
        document(tenant, 'x', { line: 1 }),
        document(tenant, 'x', { line: 5, title: 'again' }),
        document(tenant, 'nul', { line: 9, title: 'a\0b' }),
        document(tenant, 'half', { line: 13, title: '\ud83d' }),
        document(tenant, 'fine', { title: 'a \\u0000 in text, and 😀' }),
      ],
      [{ file: 'broken.yaml', reason: 'no YAML: \0' }],
    );

    expect(await emitted(tenant)).toEqual([
      `component:${tenant}/fine a`,
      `component:${tenant}/x a`,
    ]);
    await expect(sources.refusals({ tenant, name: 'a' })).resolves.toEqual([
      { file: 'broken.yaml', reason: 'no YAML: \uFFFD' },
      expect.objectContaining({ line: 5, entityRef: `component:${tenant}/x` }),
      expect.objectContaining({ line: 9 }),
      expect.objectContaining({ line: 13 }),
    ]);
    await expect(
      scan(tenant, 'a', [document('borealis', 'x')]),
    ).rejects.toThrow('its namespace must be');
    await expect(scan(tenant, 'gone', [])).rejects.toThrow(NotFoundError);
  });

  it('settles claims as a simple model does, whatever happens in whatever order', async () => {
    const names = ['a', 'b', 'c'];
    const command = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          kind: fc.constant('scan' as const),
          source: fc.constantFrom(...names),
          refs: fc.uniqueArray(fc.constantFrom('p', 'q', 'r', 's')),
          title: fc.constantFrom('one', 'two'),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constantFrom('remove' as const, 'unreadable' as const),
          source: fc.constantFrom(...names),
        }),
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 12 }), async commands => {
        const tenant = await createTenant(...names);
        // Per ref: who declares it, the holder first, then those who wait.
        const queues = new Map<string, string[]>();
        const titles = new Map<string, string>();
        const catalog = new Map<string, string>();
        for (const step of commands) {
          const { source } = step;
          let delta: SourceDelta = { added: [], removed: [] };
          switch (step.kind) {
            case 'scan': {
              declare(queues, source, step.refs);
              step.refs.forEach(ref =>
                titles.set(`${ref} ${source}`, step.title),
              );
              delta = await scan(
                tenant,
                source,
                step.refs.map(ref =>
                  document(tenant, ref, { title: step.title }),
                ),
              );
              break;
            }
            case 'remove':
              declare(queues, source, []);
              delta = await sources.remove({ tenant, name: source });
              await register(tenant, source);
              break;
            case 'unreadable':
              await sources.recordUnreadable({
                tenant,
                source,
                reason: 'away',
              });
              break;
            default:
              throw new Error(`Unknown step ${step satisfies never}`);
          }
          apply(catalog, delta);
          const expected = [...queues].flatMap(([ref, [holder]]) =>
            holder === undefined
              ? []
              : [
                  `component:${tenant}/${ref} ${holder} ${titles.get(
                    `${ref} ${holder}`,
                  )}`,
                ],
          );
          expect([...catalog.values()].sort()).toEqual(expected.sort());
          const lost = names.map(
            name =>
              [...queues.values()].filter(queue => queue.indexOf(name) > 0)
                .length,
          );
          const listed = await sources.list({ tenant });
          expect(listed.map(item => item.lastScan?.refusals ?? 0)).toEqual(
            lost,
          );
        }
        const last = (await sources.lastGood()).filter(
          item => item.tenant === tenant,
        );
        expect(last.map(show).sort()).toEqual([...catalog.values()].sort());
      }),
      { numRuns: 40 },
    );
  });

  it('settles claims of scans that run at the same time', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const tenant = await createTenant(...names);
    const catalog = new Map<string, string>();
    const refs = ['p', 'q', 'r', 's', 't'];
    const deltas = await Promise.all(
      names.map((name, turn) =>
        scan(
          tenant,
          name,
          // In different orders, so that rows would lock each other out.
          (turn % 2 ? refs : [...refs].reverse()).map(ref =>
            document(tenant, ref),
          ),
        ),
      ),
    );
    deltas.forEach(delta => apply(catalog, delta));
    expect(catalog.size).toBe(refs.length);
    expect(await emitted(tenant)).toHaveLength(refs.length);

    await Promise.all(names.map(name => scan(tenant, name, [])));
    expect(await emitted(tenant)).toEqual([]);
  });

  async function emitted(tenant: string): Promise<string[]> {
    return (await sources.lastGood())
      .filter(item => item.tenant === tenant)
      .map(item => `${stringifyEntityRef(item.entity)} ${item.source}`);
  }
});

/** A source now declares exactly these refs. */
function declare(
  queues: Map<string, string[]>,
  source: string,
  refs: string[],
): void {
  for (const [ref, queue] of queues) {
    if (!refs.includes(ref)) {
      queues.set(
        ref,
        queue.filter(other => other !== source),
      );
    }
  }
  for (const ref of refs) {
    const queue = queues.get(ref) ?? [];
    queues.set(ref, queue.includes(source) ? queue : [...queue, source]);
  }
}

/** What a catalog that removes before it adds holds afterwards. */
function apply(catalog: Map<string, string>, delta: SourceDelta): void {
  for (const { entityRef, source } of delta.removed) {
    expect(catalog.get(entityRef)).toContain(` ${source} `);
    catalog.delete(entityRef);
  }
  for (const item of delta.added) {
    catalog.set(stringifyEntityRef(item.entity), show(item));
  }
}

function show(item: SourceDelta['added'][number]): string {
  return `${stringifyEntityRef(item.entity)} ${item.source} ${
    item.entity.metadata.title
  }`;
}

function repository(
  name: string,
  path = 'catalog-info.yaml',
): Source['location'] {
  return { kind: 'repository', repository: name, branch: 'main', path };
}

function url(address: string): Source['location'] {
  return { kind: 'url', url: address };
}

function entity(tenant: string, name: string, title = name): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { namespace: tenant, name, title },
    spec: { type: 'service', lifecycle: 'production', owner: 'group:x' },
  };
}

function document(
  tenant: string,
  name: string,
  options: { title?: string; line?: number } = {},
): SourceScan['entities'][number] {
  return {
    entity: entity(tenant, name, options.title),
    file: 'catalog-info.yaml',
    line: options.line ?? 1,
  };
}
