import {
  CompactRange,
  createSigningKey,
  digestText,
  formatVerifierKey,
  openCheckpoint,
  openKeyIntroduction,
  type SigningKey,
} from '@portico/plugin-audit-common/chain';
import { AuditEngine, ORIGIN, record } from '../__testUtils__/AuditEngine';
import { introduceSigningKey } from '../keys/introduceSigningKey';
import { CheckpointMaker } from './CheckpointMaker';

jest.setTimeout(60_000);

const seed = (byte: number) => Buffer.alloc(32, byte).toString('base64');

describe('CheckpointMaker', () => {
  let engine: AuditEngine;
  let now: Date;
  beforeEach(async () => {
    engine = await AuditEngine.create();
    now = new Date();
  });
  afterEach(() => engine?.destroy());

  const introduce = (...seeds: string[]) =>
    introduceSigningKey({
      database: engine.database,
      origin: ORIGIN,
      seeds,
      now: () => now,
      logger: engine.logger,
    });

  const maker = (key: SigningKey) =>
    new CheckpointMaker({
      database: engine.database,
      key,
      everyEntries: 10,
      everyMilliseconds: 300_000,
      now: () => now,
      logger: engine.logger,
    });

  const append = async (count: number, chain = 'aurora') => {
    await engine.append(
      ...Array.from({ length: count }, () => record({ chain })),
    );
    await engine.relayAll();
  };

  const later = (milliseconds: number) => {
    now = new Date(now.getTime() + milliseconds);
  };

  async function checkpoints(chain = 'aurora') {
    const { rows } = await engine.asSuperuser(
      'select size, note from portico_audit.checkpoints where chain = $1 order by size',
      [chain],
    );
    return rows.map(({ size, note }) => ({ size: Number(size), note }));
  }

  it('signs after so many entries or so much time, when there is something new', async () => {
    const key = await introduce(seed(1));
    const made = maker(key);
    await append(9);
    await expect(made.make()).resolves.toBe(0);
    await append(1);
    await append(2, 'borealis');
    await expect(made.make()).resolves.toBe(1);
    await expect(made.make()).resolves.toBe(0);
    // the entries are some moments younger than the clock of the test
    later(600_000);
    // the chains `borealis` and `default`, where the key was introduced
    await expect(made.make()).resolves.toBe(2);
    later(600_000);
    await expect(made.make()).resolves.toBe(0);
    await append(300);
    await expect(made.make()).resolves.toBe(1);

    const { rows } = await engine.asSuperuser(
      `select hash from portico_audit.entries where chain = 'aurora' order by sequence`,
    );
    const notes = await checkpoints();
    expect(notes.map(({ size }) => size)).toEqual([10, 310]);
    for (const { size, note } of notes) {
      const { checkpoint } = openCheckpoint(note, [key.verifier]);
      const tree = new CompactRange();
      rows.slice(0, size).forEach(({ hash }) => tree.append(hash));
      expect(checkpoint).toMatchObject({
        origin: ORIGIN,
        chain: 'aurora',
        size,
        root: tree.root(),
        head: digestText(rows[size - 1].hash),
      });
    }
  });

  it('signs a state once when replicas race', async () => {
    const key = await introduce(seed(1));
    await append(20);
    const counts = await Promise.all(
      Array.from({ length: 5 }, () => maker(key).make()),
    );
    expect(counts.reduce((sum, count) => sum + count)).toBe(1);
    expect(await checkpoints()).toHaveLength(1);
  });

  it('signs no past that it did not sign before, and goes on with the other chains', async () => {
    const key = await introduce(seed(1));
    const made = maker(key);
    await append(20);
    await made.make();
    await engine.asSuperuser(
      `update portico_audit.entries set hash = sha256('other') where sequence = 7`,
    );
    await append(20);
    await append(20, 'borealis');
    await expect(made.make()).resolves.toBe(1);
    await expect(made.make()).resolves.toBe(0);
    expect(await checkpoints()).toHaveLength(1);
    expect(await checkpoints('borealis')).toHaveLength(1);
    expect(engine.logger.error).toHaveBeenCalledTimes(1);
    expect(engine.logger.error).toHaveBeenCalledWith(
      expect.stringContaining(
        'The chain aurora is no longer what the checkpoint at 20 entries says',
      ),
    );
  });

  it('lets the key before introduce the next one, and the old one sign no more', async () => {
    const first = await introduce(seed(1));
    await introduce(seed(1));
    const second = await introduce(seed(2), seed(1));
    // replicas that start at the same time
    await Promise.all([introduce(seed(2), seed(1)), introduce(seed(2))]);
    expect(engine.logger.error).not.toHaveBeenCalled();
    const third = await introduce(seed(3));
    expect(engine.logger.error).toHaveBeenCalledWith(
      expect.stringContaining('nothing ties it to'),
    );

    const { rows } = await engine.asSuperuser(
      'select key, introduction from portico_audit.signing_keys order by id',
    );
    expect(rows.map(row => row.key)).toEqual(
      [first, second, third].map(({ verifier }) => formatVerifierKey(verifier)),
    );
    expect(rows.map(row => row.introduction !== null)).toEqual([
      false,
      true,
      false,
    ]);
    expect(
      openKeyIntroduction(rows[1].introduction, [first.verifier]),
    ).toMatchObject({ introducedBy: first.verifier, time: now.toISOString() });

    await engine.relayAll();
    const entries = await engine.entries('default');
    expect(
      entries.map(({ act, subject, details }) => [
        act,
        subject.ref,
        details?.introduced,
        details?.previousKey,
      ]),
    ).toEqual([
      ['audit.key.introduce', rows[0].key, false, undefined],
      ['audit.key.introduce', rows[1].key, true, rows[0].key],
      ['audit.key.introduce', rows[2].key, false, rows[1].key],
    ]);

    await append(10);
    await expect(maker(second).make()).resolves.toBe(0);
    await expect(maker(third).make()).resolves.toBe(1);
    const [{ note }] = await checkpoints();
    expect(() => openCheckpoint(note, [third.verifier])).not.toThrow();
    expect(() => openCheckpoint(note, [second.verifier])).toThrow();
  });

  it('says nothing of a seed', async () => {
    await expect(introduce('c2VjcmV0')).rejects.not.toThrow('c2VjcmV0');
    const key = createSigningKey(ORIGIN, seed(1));
    await introduce(seed(1));
    const said = JSON.stringify([
      key,
      jest.mocked(engine.logger.info).mock.calls,
    ]);
    expect(said).not.toContain(seed(1));
  });
});
