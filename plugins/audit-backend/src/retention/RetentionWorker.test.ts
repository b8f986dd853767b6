import {
  createSigningKey,
  openCheckpoint,
} from '@portico/plugin-audit-common/chain';
import { AuditEngine, ORIGIN, record } from '../__testUtils__/AuditEngine';
import { CheckpointMaker } from '../checkpoints/CheckpointMaker';
import { readTree } from '../checkpoints/readTree';
import { introduceSigningKey } from '../keys/introduceSigningKey';
import { RetentionWorker } from './RetentionWorker';

jest.setTimeout(120_000);

const seed = Buffer.alloc(32, 1).toString('base64');
const key = createSigningKey(ORIGIN, seed);
const DAY = 24 * 60 * 60 * 1_000;
const { signal } = new AbortController();

describe('RetentionWorker', () => {
  let engine: AuditEngine;
  beforeEach(async () => {
    engine = await AuditEngine.create();
    await introduceSigningKey({
      database: engine.database,
      origin: ORIGIN,
      seeds: [seed],
      now: () => new Date(),
      logger: engine.logger,
    });
  });
  afterEach(() => engine?.destroy());

  const inDays = (days: number) => () => new Date(Date.now() + days * DAY);

  const worker = (
    retention: { days?: number; tenants?: Record<string, { days: number }> },
    now = inDays(0),
  ) =>
    new RetentionWorker({
      database: engine.database,
      retention: { tenants: {}, ...retention },
      now,
      logger: engine.logger,
    });

  /** Entries that happened some days ago. */
  const append = async (count: number, daysAgo: number, chain = 'aurora') => {
    await engine.append(
      ...Array.from({ length: count }, (_, number) =>
        record({
          chain,
          context: {
            actor: {
              kind: 'person',
              // everybody has some entries of a day for themselves, kim is in all
              ref:
                number === 0 ? `user:aurora/day-${daysAgo}` : 'user:aurora/kim',
            },
          },
        }),
      ),
    );
    await engine.asSuperuser(
      `update portico_audit.outbox set occurred_at = occurred_at - $1 * interval '1 day'`,
      [daysAgo],
    );
    await engine.relayAll();
  };

  const checkpoint = async (isDelivered: boolean) => {
    await new CheckpointMaker({
      database: engine.database,
      key,
      everyEntries: 1,
      everyMilliseconds: 1_000,
      now: () => new Date(),
      logger: engine.logger,
    }).make();
    if (isDelivered) {
      await engine.asSuperuser(
        `insert into portico_audit.deliveries (chain, destination, type, size, outcome, at)
         select chain, 'folder', 'file', size, 'delivered', now() from portico_audit.checkpoints`,
      );
    }
  };

  const oldest = async (chain = 'aurora') => {
    const { rows } = await engine.asSuperuser(
      'select min(sequence) as oldest from portico_audit.entries where chain = $1',
      [chain],
    );
    return Number(rows[0].oldest);
  };

  it('cuts off whole old blocks that are anchored, and what is left can be proven', async () => {
    await append(300, 100);
    await append(300, 90);
    await append(300, 5);
    await append(300, 100, 'borealis');
    const retention = { tenants: { aurora: { days: 60 } } };
    await checkpoint(false);
    // signed, but nowhere outside
    await expect(worker(retention).prune(signal)).resolves.toBe(0);
    await checkpoint(true);

    await expect(worker(retention).prune(signal)).resolves.toBe(512);
    await expect(worker(retention).prune(signal)).resolves.toBe(0);
    expect(await oldest()).toBe(513);
    // another tenant keeps for ever
    expect(await oldest('borealis')).toBe(1);

    const { rows: prunings } = await engine.asSuperuser(
      `select sequence, 'sha256:' || encode(head, 'hex') as head from portico_audit.prunings`,
    );
    await engine.relayAll();
    const entries = await engine.entries('aurora', 513);
    expect(entries[0].previous).toBe(prunings[0].head);
    expect(entries.at(-1)).toMatchObject({
      act: 'audit.chain.prune',
      details: { from: 1, to: 512, head: prunings[0].head, days: 60 },
    });
    // the checkpoint of before still fits, and so does the next one
    const { rows: notes } = await engine.asSuperuser(
      `select note from portico_audit.checkpoints where chain = 'aurora'`,
    );
    const { checkpoint: before } = openCheckpoint(notes[0].note, [
      key.verifier,
    ]);
    const root = await engine.database.inTenant('aurora', async transaction =>
      (await readTree(transaction, 'aurora', before.size)).root(),
    );
    expect(root).toEqual(before.root);
    await checkpoint(true);
    expect(engine.logger.error).not.toHaveBeenCalled();

    // nobody of whom nothing is kept
    const { rows: people } = await engine.asSuperuser(
      `select distinct person from portico_audit.personal_data where chain = 'aurora' order by person`,
    );
    expect(people.map(({ person }) => person)).toEqual([
      'user:aurora/day-5',
      'user:aurora/kim',
    ]);
  });

  it('keeps the newest entry, however old', async () => {
    await append(512, 100);
    await checkpoint(true);
    await expect(worker({ days: 30 }).prune(signal)).resolves.toBe(256);
    expect(await oldest()).toBe(257);
    await append(1, 99);
    await expect(worker({ days: 30 }).prune(signal)).resolves.toBe(256);
  });

  it('cannot be brought to remove what is younger than 30 days', async () => {
    await append(300, 29);
    await checkpoint(true);
    // as if the clock of the portal ran ahead
    await expect(
      worker({ days: 30 }, inDays(10)).prune(signal),
    ).rejects.toThrow('younger than 30 days are kept');
    const prune = (call: string) =>
      engine.database.asPlatform('test', transaction =>
        transaction.raw(`select portico_audit.prune(${call})`),
      );
    await expect(prune(`'aurora', 256`)).rejects.toThrow(
      'younger than 30 days',
    );
    await expect(prune(`'aurora', 255`)).rejects.toThrow('whole blocks');
    await expect(prune(`'aurora', 512`)).rejects.toThrow('newest entry');
    await expect(prune(`'aurora', null`)).rejects.toThrow('cannot be the next');
    expect(await oldest()).toBe(1);
  });

  it('cannot prune unseen', async () => {
    await append(300, 100);
    await checkpoint(true);
    await expect(
      engine.database.asPlatform('test', transaction =>
        transaction.raw(`select portico_audit.prune('aurora', 256)`),
      ),
    ).rejects.toThrow('not recorded in this transaction');
  });
});
