import { recordedActs } from '@portico/plugin-audit-node/testUtils';
import { type Promotion } from '@portico/plugin-promotions-common';
import { openStores } from '../store/openStores';
import { approval, EngineBench, tenant } from './__testUtils__/EngineBench';

jest.setTimeout(120_000);

/** Longer than a promotion has to become healthy. */
const TOO_LONG = 16;

describe('a stage that rolls back by itself', () => {
  let bench: EngineBench;
  beforeAll(async () => {
    bench = await EngineBench.create();
  });
  afterAll(() => bench?.destroy());

  let count = 0;
  let component: string;
  beforeEach(() => {
    count += 1;
    component = `component:${tenant}/service-${count}`;
    bench.world.health = 'healthy';
    const stage = staging();
    stage.automaticRollback = true;
    stage.rollbackGates = [];
  });

  function staging() {
    const stage = bench.stages.find(({ name }) => name === 'staging');
    if (!stage) {
      throw new Error('The bench has no staging');
    }
    return stage;
  }

  /** A release that comes to staging by itself, and is healthy there or is not. */
  async function ship(version: string, isWell = true) {
    bench.pass(1);
    const release = await bench.announce(component, version);
    if (!isWell) {
      bench.world.ill.add(release.id);
    }
    await bench.settle();
    return release;
  }

  async function timePasses(): Promise<void> {
    bench.pass(TOO_LONG);
    await bench.settle();
  }

  const inStaging = async (): Promise<Promotion[]> =>
    (await bench.promotions(component)).filter(
      ({ environment }) => environment === 'staging',
    );
  const last = () => bench.newest(component, 'staging');
  const holdOf = () =>
    bench.testDatabase.database.inTenant(tenant, transaction =>
      openStores(transaction, tenant).holds.open({
        component,
        environment: 'staging',
      }),
    );

  it('brings the last good release back, holds automation off, and leaves a trail', async () => {
    const good = await ship('1.0.0');
    const bad = await ship('2.0.0', false);
    await timePasses();
    const [, failed, rollback] = await inStaging();
    expect(failed).toMatchObject({
      release: { id: bad.id },
      phase: 'rolledBack',
      reason:
        'Not within PT15M: test says degraded: as the test says. The pipeline brings 1.0.0 back',
      supersededBy: rollback?.id,
    });
    expect(rollback).toMatchObject({
      kind: 'rollback',
      release: { id: good.id },
      automatic: true,
      requestedBy: 'plugin:promotions',
      comment: '2.0.0 went wrong in staging, so the pipeline brings 1.0.0 back',
      phase: 'succeeded',
    });
    const deployments = await bench.service.deployments({
      tenant,
      component,
      environment: 'staging',
    });
    expect(
      deployments
        .map(({ version, kind, result }) => [version, kind, result].join(' '))
        .sort(),
    ).toEqual([
      '1.0.0 promote succeeded',
      '1.0.0 rollback succeeded',
      '2.0.0 promote failed',
    ]);
    const acts = (await recordedActs(bench.testDatabase.database)).filter(
      ({ subject }) => subject.ref === failed?.id,
    );
    expect(acts.at(-1)).toMatchObject({
      act: 'promotions.promotion.roll-back',
      outcome: 'failed',
    });
    // the next push does not bring the fault back
    await expect(holdOf()).resolves.toMatchObject({
      by: 'plugin:promotions',
      reason: expect.stringContaining('2.0.0 went wrong'),
    });
    await ship('3.0.0');
    await expect(inStaging()).resolves.toHaveLength(3);
  });

  it('asks the gates of a rollback, and the people whom they name', async () => {
    staging().rollbackGates = [approval];
    await ship('1.0.0');
    await ship('2.0.0', false);
    await timePasses();
    const waiting = await last();
    expect(waiting).toMatchObject({
      kind: 'rollback',
      phase: 'waiting',
      reason: expect.stringContaining('needs 2 more approvals'),
    });
    for (const name of ['ana', 'ben']) {
      await bench.service.vote(
        {
          promotion: waiting.id,
          decision: 'approve',
          subject: waiting.subject ?? '',
        },
        bench.person(name),
      );
    }
    await bench.settle();
    await expect(last()).resolves.toMatchObject({ phase: 'succeeded' });
  });

  it('fails, and says why, where there is nothing to go back to', async () => {
    await ship('1.0.0', false);
    await timePasses();
    await expect(last()).resolves.toMatchObject({
      phase: 'failed',
      reason: expect.stringMatching(
        /degraded: .*\. It is not rolled back by itself: nothing ran there before$/,
      ),
    });
    // neither to what somebody rejected
    const good = await ship('2.0.0');
    await ship('3.0.0', false);
    await bench.service.rejectRelease(
      { id: good.id, reason: 'A leak' },
      bench.person('ana'),
    );
    await timePasses();
    await expect(last()).resolves.toMatchObject({
      phase: 'failed',
      reason: expect.stringContaining(
        '2.0.0, which ran there before, is rejected',
      ),
    });
    await expect(holdOf()).resolves.toBeUndefined();
  });

  it('does not go round in circles: a rollback that fails is for people', async () => {
    const good = await ship('1.0.0');
    await ship('2.0.0', false);
    bench.world.ill.add(good.id);
    await timePasses();
    await timePasses();
    expect((await inStaging()).map(({ kind, phase }) => [kind, phase])).toEqual(
      [
        ['promote', 'succeeded'],
        ['promote', 'rolledBack'],
        ['rollback', 'failed'],
      ],
    );
    await expect(last()).resolves.toMatchObject({
      reason: expect.stringContaining('it was a rollback'),
    });
  });

  it('leaves it to somebody who asked for a rollback before', async () => {
    const first = await ship('1.0.0');
    await ship('2.0.0');
    await ship('3.0.0', false);
    const { id } = await bench.service.request(
      {
        component,
        environment: 'staging',
        release: first.id,
        kind: 'rollback',
      },
      bench.person('kim'),
    );
    await timePasses();
    expect((await inStaging()).map(({ kind, phase }) => [kind, phase])).toEqual(
      [
        ['promote', 'succeeded'],
        ['promote', 'succeeded'],
        ['promote', 'failed'],
        ['rollback', 'succeeded'],
      ],
    );
    await expect(last()).resolves.toMatchObject({ id });
  });

  it('asks for one rollback, wherever the engine is killed', async () => {
    let kills = 0;
    for (const side of ['before', 'afterItCommitted'] as const) {
      for (let transaction = 1; transaction <= 6; transaction += 1) {
        count += 1;
        component = `component:${tenant}/service-${count}`;
        await ship('1.0.0');
        await ship('2.0.0', false);
        bench.pass(TOO_LONG);
        kills += Number(await bench.settle({ transaction, side }));
        await bench.settle();
        expect(
          (await inStaging()).map(({ kind, phase }) => [kind, phase]),
        ).toEqual([
          ['promote', 'succeeded'],
          ['promote', 'rolledBack'],
          ['rollback', 'succeeded'],
        ]);
      }
    }
    expect(kills).toBe(12);
  });
});
