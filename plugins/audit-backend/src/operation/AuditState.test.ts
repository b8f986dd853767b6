import { AuditEngine, ORIGIN, record } from '../__testUtils__/AuditEngine';
import { CheckpointMaker } from '../checkpoints/CheckpointMaker';
import { introduceSigningKey } from '../keys/introduceSigningKey';
import { AuditState } from './AuditState';

jest.setTimeout(60_000);

describe('AuditState', () => {
  let engine: AuditEngine;
  let now: Date;

  beforeAll(async () => {
    engine = await AuditEngine.create();
  });
  beforeEach(() => {
    now = new Date();
  });
  afterAll(() => engine?.destroy());

  const state = () =>
    new AuditState({
      database: engine.database,
      destinations: ['witness'],
      everyMilliseconds: 60_000,
      now: () => now,
    });
  const figures = async () =>
    Object.fromEntries(
      (await state().readFigures()).map(({ name, value }) => [name, value]),
    );
  const found = async () =>
    Promise.all(
      state()
        .checks()
        .map(async check => check.look(AbortSignal.timeout(10_000))),
    );

  it('tells how far relay, checkpoints and deliveries are behind', async () => {
    expect(await figures()).toEqual({
      'portico.audit.unchained_entries': 0,
      'portico.audit.lag_seconds': 0,
      'portico.audit.checkpoint_age_seconds': 0,
      'portico.audit.undelivered_checkpoints': 0,
    });
    expect((await found()).map(({ status }) => status)).toEqual(['ok', 'ok']);

    await engine.append(record(), record());
    now = new Date(Date.now() + 600_000);
    const waiting = await figures();
    expect(waiting['portico.audit.unchained_entries']).toBe(2);
    expect(waiting['portico.audit.lag_seconds']).toBeGreaterThanOrEqual(599);
    const [relay] = await found();
    expect(relay).toMatchObject({
      status: 'failed',
      found: expect.stringMatching(/^2 acts are in no chain yet, /),
    });
    expect(JSON.stringify(relay)).not.toContain('aurora');

    await engine.relayAll();
    const unsigned = await figures();
    expect(unsigned['portico.audit.unchained_entries']).toBe(0);
    expect(
      unsigned['portico.audit.checkpoint_age_seconds'],
    ).toBeGreaterThanOrEqual(599);
    expect((await found())[1]).toMatchObject({ status: 'failed' });

    const key = await introduceSigningKey({
      database: engine.database,
      origin: ORIGIN,
      seeds: [Buffer.alloc(32, 1).toString('base64')],
      now: () => now,
      logger: engine.logger,
    });
    await engine.relayAll();
    await new CheckpointMaker({
      database: engine.database,
      key,
      everyEntries: 1,
      everyMilliseconds: 60_000,
      now: () => now,
      logger: engine.logger,
    }).make();
    const signed = await figures();
    expect(signed['portico.audit.checkpoint_age_seconds']).toBe(0);
    expect(
      signed['portico.audit.undelivered_checkpoints'],
    ).toBeGreaterThanOrEqual(1);
    expect((await found())[1]).toMatchObject({
      status: 'warning',
      found: expect.stringMatching(/witness did not get \d checkpoints/),
    });
  });
});
