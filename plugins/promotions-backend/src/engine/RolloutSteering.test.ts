import { ServiceUnavailableError } from '@backstage/errors';
import { recordedActs } from '@portico/plugin-audit-node/testUtils';
import { type SteerRollout } from '@portico/plugin-promotions-common';
import { openStores } from '../store/openStores';
import { EngineBench, tenant } from './__testUtils__/EngineBench';

jest.setTimeout(120_000);

describe('steering a rollout', () => {
  let bench: EngineBench;
  let count = 0;
  let promotion: string;
  let steered: string[];

  beforeAll(async () => {
    bench = await EngineBench.create();
  });
  afterAll(() => bench?.destroy());

  /** A promotion to production that is approved, has begun, and waits for its rollout. */
  beforeEach(async () => {
    count += 1;
    const component = `component:${tenant}/service-${count}`;
    bench.pass(1);
    const release = await bench.announce(component, '1.0.0');
    await bench.settle();
    const { id } = await bench.service.request(
      { component, environment: 'prod', release: release.id },
      bench.person('kim'),
    );
    await bench.settle();
    const { subject = '' } = await bench.newest(component, 'prod');
    bench.world.troubles.length = 0;
    bench.world.troubles.push(...Array<'waits'>(20).fill('waits'));
    for (const name of ['ana', 'ben']) {
      await bench.service.vote(
        { promotion: id, decision: 'approve', subject },
        bench.person(name),
      );
    }
    await bench.settle();
    promotion = id;
    steered = [];
    bench.world.steering = async ({ action }) => {
      steered.push(action);
      return { state: 'done', reason: 'The test did it' };
    };
  });

  const ask = (action: SteerRollout['action'], name = 'dan') =>
    bench.service.steerRollout(
      {
        promotion,
        action,
        rollout: 'shop/checkout',
        seen: { pods: 'abc', step: 1 },
        reason: 'The test asks for it',
      },
      bench.person(name),
    );
  const acts = () =>
    bench.testDatabase.database.inTenant(tenant, transaction =>
      openStores(transaction, tenant).rolloutActs.of(promotion),
    );
  const recorded = async () =>
    (await recordedActs(bench.testDatabase.database))
      .filter(({ subject }) => subject?.ref === promotion)
      .map(({ act }) => act)
      .filter(act => act.startsWith('promotions.rollout.'));
  const phase = async () =>
    (await bench.service.get({ tenant, id: promotion }))?.phase;

  it('does what was asked for once, and the promotion goes on as before', async () => {
    await ask('pause');
    await ask('pause', 'cat');
    await ask('promote');
    await bench.settle();
    expect(steered).toEqual(['pause', 'promote']);
    expect(await acts()).toMatchObject([
      {
        action: 'pause',
        by: `user:${tenant}/dan`,
        state: 'done',
        outcome: 'The test did it',
        seen: { pods: 'abc', step: 1 },
      },
      { action: 'promote', state: 'done' },
    ]);
    expect((await recorded()).sort()).toEqual([
      'promotions.rollout.ask',
      'promotions.rollout.ask',
      'promotions.rollout.steer',
      'promotions.rollout.steer',
    ]);
    expect(await phase()).toBe('running');
  });

  it('asks the gates again before more is let in, and never before it is held or taken back', async () => {
    const stop = await bench.service.stop(
      { reason: 'Incident 7' },
      bench.person('kim'),
    );
    for (const action of [
      'promote',
      'promoteFully',
      'pause',
      'abort',
    ] as const) {
      await ask(action);
    }
    await bench.settle();
    expect(steered).toEqual(['pause', 'abort']);
    expect(await acts()).toMatchObject([
      { state: 'refused', outcome: expect.stringContaining('Incident 7') },
      { state: 'refused' },
      { state: 'done' },
      { state: 'done' },
    ]);
    await bench.service.lift({ id: stop.id }, bench.person('kim'));
  });

  it('looks again where nobody could tell, and gives up within a minute', async () => {
    let silent = true;
    bench.world.steering = async ({ action }) => {
      steered.push(action);
      if (silent) {
        throw new ServiceUnavailableError('Nobody answers');
      }
      return { state: 'done', reason: 'It was done' };
    };
    await ask('pause');
    await bench.settle();
    expect(await acts()).toMatchObject([{ state: 'asked' }]);
    silent = false;
    bench.pass(0.5);
    await bench.settle();
    expect(await acts()).toMatchObject([{ state: 'done' }]);
    silent = true;
    await ask('abort');
    await bench.settle();
    bench.pass(2);
    await bench.settle();
    expect((await acts()).at(-1)).toMatchObject({
      state: 'unanswered',
      outcome: 'Nobody answers',
    });
    expect(await phase()).toBe('running');
  });

  it('finds what was done when the engine is killed before it is written down', async () => {
    const done = new Set<string>();
    bench.world.steering = async ({ action }) => {
      steered.push(action);
      const reason = done.has(action) ? 'It is paused' : 'Argo CD did it';
      done.add(action);
      return { state: 'done', reason };
    };
    await ask('pause');
    // Later and later, until it is done and not written down.
    for (let transaction = 1; steered.length === 0; transaction += 1) {
      const killed = await bench.settle({ transaction, side: 'before' });
      expect(killed).toBe(true);
    }
    expect(await acts()).toMatchObject([{ state: 'asked' }]);
    await bench.settle();
    expect(steered).toEqual(['pause', 'pause']);
    expect(await acts()).toMatchObject([
      { state: 'done', outcome: 'It is paused' },
    ]);
    expect(
      (await recorded()).filter(act => act === 'promotions.rollout.steer'),
    ).toHaveLength(1);
  });

  it('is for people, and for what is under way', async () => {
    await expect(
      bench.service.steerRollout(
        {
          promotion,
          action: 'abort',
          rollout: 'shop/checkout',
          seen: { pods: 'abc' },
          reason: 'The test asks for it',
        },
        { ...bench.person('dan'), kind: 'machine' },
      ),
    ).rejects.toThrow('a machine never does');
    bench.world.troubles.length = 0;
    bench.pass(2);
    await bench.settle();
    expect(await phase()).toBe('succeeded');
    await expect(ask('abort')).rejects.toThrow('The rollout is over');
  });
});
