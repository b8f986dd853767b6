import { stringifyEntityRef } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import { type SourceDelta } from '@portico/plugin-tenancy-node';
import fc from 'fast-check';
import { document, entity, SourceBench } from '../__testUtils__/SourceBench';

const by = pluginAuditContext('test');

jest.setTimeout(60_000);

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

describe('ClaimLedger', () => {
  let bench: SourceBench;

  beforeAll(async () => {
    bench = await SourceBench.create();
  });
  afterAll(async () => {
    await bench.destroy();
  });

  it('keeps a ref with the source that declared it first', async () => {
    const tenant = await bench.createTenant('a', 'b', 'c');
    await expect(
      bench.scan(tenant, 'a', [document(tenant, 'shop', { line: 3 })]),
    ).resolves.toEqual({
      added: [{ tenant, source: 'a', entity: entity(tenant, 'shop') }],
      removed: [],
    });
    const nothing = { added: [], removed: [] };
    await expect(
      bench.scan(tenant, 'b', [document(tenant, 'shop', { title: 'B' })]),
    ).resolves.toEqual(nothing);
    await bench.scan(tenant, 'c', [document(tenant, 'shop', { line: 7 })]);

    await expect(
      bench.sources.refusals({ tenant, name: 'c' }),
    ).resolves.toEqual([
      {
        file: 'catalog-info.yaml',
        line: 7,
        entityRef: `component:${tenant}/shop`,
        reason: `component:${tenant}/shop is already declared by the source "a" (catalog-info.yaml, line 3); remove one of the two`,
      },
    ]);
    await expect(
      bench.sources.get({ tenant, name: 'b' }),
    ).resolves.toMatchObject({
      lastScan: { entities: 0, refusals: 1, outcome: 'read' },
    });

    // The holder lets go: who waited longest inherits, not who has the better name.
    await bench.scan(tenant, 'b', [
      document(tenant, 'shop', { title: 'changed' }),
    ]);
    await expect(bench.scan(tenant, 'a', [])).resolves.toEqual({
      added: [
        {
          tenant,
          source: 'b',
          entity: entity(tenant, 'shop', 'changed'),
        },
      ],
      removed: [{ tenant, source: 'a', entityRef: `component:${tenant}/shop` }],
    });
    await expect(
      bench.sources.refusals({ tenant, name: 'b' }),
    ).resolves.toEqual([]);

    await expect(
      bench.sources.remove({ by, tenant, name: 'b' }),
    ).resolves.toEqual({
      added: [{ tenant, source: 'c', entity: entity(tenant, 'shop') }],
      removed: [{ tenant, source: 'b', entityRef: `component:${tenant}/shop` }],
    });
    await expect(
      bench.sources.remove({ by, tenant, name: 'b' }),
    ).rejects.toThrow(NotFoundError);
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
        const tenant = await bench.createTenant(...names);
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
              delta = await bench.scan(
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
              delta = await bench.sources.remove({ by, tenant, name: source });
              await bench.register(tenant, source);
              break;
            case 'unreadable':
              await bench.sources.recordUnreadable({
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
          const listed = await bench.sources.list({ tenant });
          expect(listed.map(item => item.lastScan?.refusals ?? 0)).toEqual(
            lost,
          );
        }
        const last = (await bench.sources.lastGood()).filter(
          item => item.tenant === tenant,
        );
        expect(last.map(show).sort()).toEqual([...catalog.values()].sort());
      }),
      { numRuns: 40 },
    );
  });

  it('settles claims of scans that run at the same time', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const tenant = await bench.createTenant(...names);
    const catalog = new Map<string, string>();
    const refs = ['p', 'q', 'r', 's', 't'];
    const deltas = await Promise.all(
      names.map((name, turn) =>
        bench.scan(
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
    expect(await bench.emitted(tenant)).toHaveLength(refs.length);

    await Promise.all(names.map(name => bench.scan(tenant, name, [])));
    expect(await bench.emitted(tenant)).toEqual([]);
  });
});
