import { spawn } from 'child_process';
import { once } from 'events';
import { resolve } from 'path';
import { createInterface } from 'readline';
import {
  CompactRange,
  commit,
  digestText,
} from '@portico/plugin-audit-common/chain';
import { personal } from '@portico/plugin-audit-common';
import { appendAudit } from '@portico/plugin-audit-node';
import * as fc from 'fast-check';
import { AuditEngine, ORIGIN, record } from '../__testUtils__/AuditEngine';
import { readTree } from '../checkpoints/readTree';
import { Relay } from './Relay';

jest.setTimeout(120_000);

describe('Relay', () => {
  let engine: AuditEngine;
  beforeEach(async () => {
    engine = await AuditEngine.create();
  });
  afterEach(() => engine?.destroy());

  const numbered = (writer: number, number: number, chain = 'aurora') =>
    record({ chain, details: { writer, number } });

  it('numbers and links acts without gaps, each chain by itself', async () => {
    await engine.append(numbered(1, 1), numbered(1, 2));
    await engine.append(numbered(2, 1, 'borealis'));
    await engine.append(numbered(1, 3));
    await engine.relayAll();

    const aurora = await engine.entries('aurora');
    expect(aurora.map(entry => entry.details)).toEqual(
      [1, 2, 3].map(number => ({ writer: 1, number })),
    );
    expect(await engine.entries('borealis')).toHaveLength(1);
    expect(aurora[0]).toMatchObject({
      version: 1,
      act: 'test.thing.change',
      severity: 'medium',
      outcome: 'succeeded',
      subject: { kind: 'thing', ref: 'thing-1' },
    });
    const { rows } = await engine.asSuperuser(
      `select (select count(*) from portico_audit.outbox) as waiting,
              (select array_agg(chain order by chain) from portico_audit.chains) as chains`,
    );
    expect(rows).toEqual([{ waiting: '0', chains: ['aurora', 'borealis'] }]);
    // nothing to do is no work
    await expect(engine.relay.relay()).resolves.toBe(0);
  });

  it('keeps what is about people beside the chain, one commitment for a value', async () => {
    await engine.append(
      record({
        context: {
          actor: { kind: 'person', ref: 'user:aurora/kim' },
          sourceAddress: '192.0.2.7',
        },
        reason: 'Kim asked for it',
        details: { mail: personal('user:aurora/lee', 'lee@example.com') },
      }),
    );
    await engine.append(record(), record({ chain: 'aurora' }));
    await engine.append(
      record({
        chain: 'borealis',
        context: { actor: { kind: 'person', ref: 'user:aurora/kim' } },
      }),
    );
    await engine.relayAll();

    const { rows: kept } = await engine.asSuperuser(
      'select * from portico_audit.personal_data order by chain, person, value',
    );
    expect(
      kept.map(row => [row.chain, row.person, row.value, row.search]),
    ).toEqual(
      [
        ['aurora', 'user:aurora/kim', '192.0.2.7', "'0.2':2 '192':1 '7':3"],
        [
          'aurora',
          'user:aurora/kim',
          'Kim asked for it',
          "'asked':2 'for':3 'it':4 'kim':1",
        ],
        [
          'aurora',
          'user:aurora/kim',
          'user:aurora/kim',
          "'aurora':2 'kim':3 'user':1",
        ],
        ['aurora', 'user:aurora/lee', 'lee@example.com', expect.any(String)],
        ['borealis', 'user:aurora/kim', 'user:aurora/kim', expect.any(String)],
      ].map(row => [...row.slice(0, 3), expect.any(String)]),
    );
    for (const row of kept) {
      expect(row.commitment).toBe(
        digestText(commit(row.salt, { of: row.person, value: row.value })),
      );
    }
    const entries = await engine.entries('aurora');
    expect(
      new Set(entries.map(({ actor }) => JSON.stringify(actor))).size,
    ).toBe(1);
    expect((await engine.entries('borealis'))[0].actor).not.toEqual(
      entries[0].actor,
    );
    const { rows: columns } = await engine.asSuperuser(
      `select actor, commitments, entry || search::text as everything
         from portico_audit.entries where chain = 'aurora' order by sequence`,
    );
    expect(columns[0].commitments).toHaveLength(4);
    expect(entries[0].actor.ref).toEqual({ $personal: columns[0].actor });
    // Digests, ids and times hold digits by chance; an address does not look like them.
    expect(columns[0].everything).not.toMatch(/kim|lee|asked|192\.0|'192'/i);
  });

  it('stays without gaps and in causal order with 8 writers and 2 relays racing', async () => {
    const writers = 8;
    const each = 40;
    let writing = true;
    const relays = [engine.relay, engine.newRelay()].map(async relay => {
      while (writing) {
        await relay.relay();
      }
    });
    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        for (let number = 0; number < each; number += 1) {
          const chain = number % 4 === 3 ? 'borealis' : 'aurora';
          if (number % 10 === 9) {
            // what was rolled back leaves nothing, and no gap
            await engine.database
              .inTenant(chain, async transaction => {
                await appendAudit(transaction, numbered(writer, -1, chain));
                throw new Error('changed my mind');
              })
              .catch(() => {});
          }
          await engine.append(numbered(writer, number, chain));
        }
      }),
    );
    writing = false;
    await Promise.all(relays);
    await engine.relayAll();

    for (const [chain, expected] of [
      ['aurora', (writers * each * 3) / 4],
      ['borealis', (writers * each) / 4],
    ] as const) {
      const entries = await engine.entries(chain);
      expect(entries).toHaveLength(expected);
      // an act that began when another was committed comes after it
      for (let writer = 0; writer < writers; writer += 1) {
        const numbers = entries
          .filter(({ details }) => details?.writer === writer)
          .map(({ details }) => Number(details?.number));
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        expect(numbers[0]).toBeGreaterThanOrEqual(0);
      }
    }
    expect(engine.logger.error).not.toHaveBeenCalled();
  });

  it('keeps the roots of blocks that the tree is read from again', async () => {
    const count = 256 * 3 + 17;
    for (const size of [1, 255, 300, count - 556]) {
      await engine.append(
        ...Array.from({ length: size }, (_, number) => numbered(size, number)),
      );
      await engine.relayAll();
    }
    const { rows } = await engine.asSuperuser(
      `select hash from portico_audit.entries order by sequence`,
    );
    expect(rows).toHaveLength(count);
    const { rows: nodes } = await engine.asSuperuser(
      `select level, index from portico_audit.tree_nodes order by index`,
    );
    expect(nodes).toEqual(
      [0, 1, 2].map(index => ({ level: 8, index: String(index) })),
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: count }), async size => {
        const expected = new CompactRange();
        rows.slice(0, size).forEach(({ hash }) => expected.append(hash));
        const read = await engine.database.asPlatform('test', transaction =>
          readTree(transaction, 'aurora', size),
        );
        expect(read.root()).toEqual(expected.root());
      }),
      { numRuns: 25, examples: [[0], [256], [768], [count]] },
    );
  });

  it('grows the tree by more than one level', async () => {
    // 65 535 entries that nobody made, to see the block of 256 blocks close
    await engine.asSuperuser(
      `with filler as (
         insert into portico_audit.chains values ('aurora')
       )
       insert into portico_audit.entries
         (chain, sequence, id, hash, entry, occurred_at, act, severity, outcome,
          subject_kind, subject, commitments, search)
       select 'aurora', n, gen_random_uuid(), sha256(n::text::bytea), '{}', now(), 'a.b', 0,
              'succeeded', 'thing', 'x', '{}', '' from generate_series(1, 65535) as n`,
    );
    const { rows } = await engine.asSuperuser(
      `select hash from portico_audit.entries order by sequence`,
    );
    const expected = new CompactRange();
    const known = rows.flatMap(({ hash }) => expected.append(hash));
    for (const { level, index, hash } of known) {
      await engine.asSuperuser(
        `insert into portico_audit.tree_nodes values ('aurora', $1, $2, $3)`,
        [level, index, hash],
      );
    }
    await engine.append(record());
    await engine.relayAll();
    const { rows: last } = await engine.asSuperuser(
      `select hash from portico_audit.entries where sequence = 65536`,
    );
    const completed = expected.append(last[0].hash);
    expect(completed.map(({ level }) => level)).toEqual([8, 16]);
    for (const { level, index, hash } of completed) {
      const { rows: found } = await engine.asSuperuser(
        `select hash from portico_audit.tree_nodes where level = $1 and index = $2`,
        [level, index],
      );
      expect(found).toEqual([{ hash }]);
    }
  });

  it('chains what it cannot read as just that, and goes on', async () => {
    const draft = {
      chain: 'aurora',
      act: 'test.thing.change',
      severity: 'low',
      outcome: 'succeeded',
      actor: { kind: 'plugin', ref: 'plugin:test' },
      subject: { kind: 'thing', ref: 'x' },
    };
    const bad: Array<[draft: unknown, id?: string]> = [
      [{ ...draft, chain: 'borealis' }],
      [{ ...draft, extra: 1 }],
      [[]],
      [{ ...draft, details: { half: '\ud800' } }],
      [{ ...draft, details: { x: { $personal: { of: '', value: 'lea' } } } }],
      [{ ...draft, details: { x: { $personal: `sha256:${'0'.repeat(64)}` } } }],
      [{ ...draft, details: { x: personal('user:aurora/a', 'a\0b') } }],
      [{ ...draft, details: { long: 'x'.repeat(66_000) } }],
      [draft, '6f1c3b9e-1d2a-4c55-9f62-0d6a6f4d9a11'],
    ];
    await engine.append(record());
    for (const [each, id] of [
      ...bad,
      // twice the same id, in two batches
      [draft, '6f1c3b9e-1d2a-4c55-9f62-0d6a6f4d9a11'] as const,
    ]) {
      await engine.asSuperuser(
        `insert into portico_audit.outbox (id, chain, occurred_at, draft)
         values (coalesce($1, gen_random_uuid()), 'aurora', now(), $2)`,
        [id, JSON.stringify(each)],
      );
    }
    await engine.append(record());
    await engine.relayAll();

    const entries = await engine.entries('aurora');
    const acts = entries.map(({ act }) => act);
    const good = 'test.thing.change';
    const unreadable = 'audit.entry.unreadable';
    expect(acts).toEqual([
      good,
      ...bad.slice(0, -1).map(() => unreadable),
      good,
      unreadable,
      good,
    ]);
    expect(entries[1]).toMatchObject({
      severity: 'critical',
      outcome: 'failed',
      payloadDigest: expect.stringMatching(/^sha256:/),
    });
    expect(engine.logger.error).toHaveBeenCalledTimes(bad.length);
    const { rows } = await engine.asSuperuser(
      `select count(*) from portico_audit.personal_data where person <> 'user:aurora/kim'`,
    );
    expect(rows).toEqual([{ count: '0' }]);
    // nothing of it got into the log either
    expect(
      JSON.stringify(jest.mocked(engine.logger.error).mock.calls),
    ).not.toContain('lea');
  });

  it('goes around an act that upsets the database, and loses none beside it', async () => {
    await engine.asSuperuser(
      `alter table portico_audit.entries add check (subject <> 'poison')`,
    );
    const subjects = ['a', 'b', 'poison', 'c'];
    for (const ref of subjects) {
      await engine.append(record({ subject: { kind: 'thing', ref } }));
    }
    await engine.relayAll();
    const entries = await engine.entries('aurora');
    expect(entries.map(({ subject }) => subject.ref)).toEqual([
      'a',
      'b',
      '3',
      'c',
    ]);
    expect(entries[2].act).toBe('audit.entry.unreadable');
  });

  it('lets the act fail when it cannot be recorded', async () => {
    await engine.asSuperuser(
      `create table public.things (name text);
       grant all on public.things to portico_tenant`,
    );
    const act = () =>
      engine.database.inTenant('aurora', async transaction => {
        await transaction.raw(`insert into public.things values ('made')`);
        await appendAudit(transaction, record());
      });
    await engine.asSuperuser(
      `alter table portico_audit.outbox rename to outbox_away`,
    );
    await expect(act()).rejects.toThrow('outbox');
    await engine.asSuperuser(
      `alter table portico_audit.outbox_away rename to outbox`,
    );
    const count = () =>
      engine.asSuperuser('select count(*) from public.things');
    expect((await count()).rows).toEqual([{ count: '0' }]);
    await act();
    expect((await count()).rows).toEqual([{ count: '1' }]);
  });

  it('starts, hears of failures, and stops after the batch in hand', async () => {
    const chained: Array<() => void> = [];
    const relay = new Relay({
      database: engine.database,
      origin: ORIGIN,
      logger: engine.logger,
      onChained: () => chained.shift()?.(),
    });
    const nextBatch = () => new Promise<void>(done => chained.push(done));
    relay.start();
    let next = nextBatch();
    await engine.append(record());
    await next;
    await engine.asSuperuser(
      `alter table portico_audit.entries rename to entries_away`,
    );
    const failed = new Promise<void>(done =>
      jest.mocked(engine.logger.warn).mockImplementation(() => done()),
    );
    await engine.append(record());
    await failed;
    next = nextBatch();
    await engine.asSuperuser(
      `alter table portico_audit.entries_away rename to entries`,
    );
    await next;
    await relay.stop();
    expect(await engine.entries('aurora')).toHaveLength(2);
    await engine.append(record());
    expect(await engine.entries('aurora')).toHaveLength(2);
  });

  it('loses, doubles and reorders nothing when it is killed', async () => {
    const kills = 6;
    const writers = 4;
    let writing = true;
    let appended = 0;
    const load = Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        for (let number = 0; writing; number += 1) {
          await engine.append(
            ...Array.from({ length: 20 }, (__, index) =>
              numbered(writer, number * 20 + index),
            ),
          );
          appended += 20;
        }
      }),
    );
    for (let kill = 0; kill < kills; kill += 1) {
      const child = spawn(
        process.execPath,
        [
          '--require',
          require.resolve('@backstage/cli/config/nodeTransform.cjs'),
          resolve(__dirname, '../__testUtils__/relayProcess.ts'),
          engine.testDatabase.connectionString('app'),
          ORIGIN,
        ],
        { stdio: ['ignore', 'pipe', 'inherit'], env: process.env },
      );
      const exited = once(child, 'exit');
      const lines = createInterface({ input: child.stdout });
      let batches = 0;
      // at some instant after some batches, other ones each time
      const wanted = 1 + Math.floor(Math.random() * 3);
      for await (const line of lines) {
        expect(line).toBe('chained');
        batches += 1;
        if (batches >= wanted) {
          setTimeout(() => child.kill('SIGKILL'), Math.random() * 40);
        }
      }
      await exited;
      expect(child.signalCode).toBe('SIGKILL');
    }
    writing = false;
    await load;
    await engine.relayAll();

    const entries = await engine.entries('aurora');
    expect(entries).toHaveLength(appended);
    for (let writer = 0; writer < writers; writer += 1) {
      const numbers = entries
        .filter(({ details }) => details?.writer === writer)
        .map(({ details }) => details?.number);
      expect(numbers).toEqual(numbers.map((_, index) => index));
    }
  });
});
