import {
  deliveryProgressSchema,
  type RolloutAction,
} from '@portico/plugin-promotions-common';
import fc from 'fast-check';
import {
  type ArgoCdStandIn,
  recordedErrors,
} from '../__testUtils__/ArgoCdStandIn';
import { name, now, revision, target } from '../__testUtils__/ArgoCdWorld';
import { DriverWorld } from '../__testUtils__/DriverWorld';
import { StandInRollout } from '../__testUtils__/StandInRollout';
import { rolloutSchema } from '../client/rollout';
import { positionOf, secondsOf } from './rolloutProgress';
import { decideSteering } from './steerRollout';

const signal = () => AbortSignal.timeout(10_000);

jest.setTimeout(60_000);

describe('rollouts', () => {
  let world: DriverWorld;
  let argo: ArgoCdStandIn;
  let rollout: StandInRollout;

  beforeEach(async () => {
    world = await DriverWorld.start();
    argo = world.argo;
    rollout = new StandInRollout();
  });
  afterEach(() => world.stop());

  const perform = (step: 'sync' | 'rollout') =>
    world.perform({ strategy: 'canary', step });
  const progress = async (timeout?: number) =>
    deliveryProgressSchema.parse(
      await world.open(timeout).driver.progress(target, signal()),
    );
  const steer = (
    action: RolloutAction,
    seen = positionOf(rolloutSchema.parse(rollout.manifest)),
    of = 'shop/checkout',
  ) => {
    if (!seen) {
      throw new Error('The rollout is nowhere yet');
    }
    return world
      .open()
      .driver.steer(target, { action, rollout: of, seen }, signal());
  };

  it('is a step of its own: synced while it is paused, done when the new runs alone', async () => {
    const application = argo.add(name, { rollout });
    await perform('sync');
    argo.begin(name);
    rollout.pauseAt(1);
    argo.end(name, 'Succeeded', { health: 'Suspended' });
    expect(await perform('sync')).toMatchObject({ state: 'confirmed' });
    expect(await perform('rollout')).toEqual({
      state: 'waiting',
      reason:
        'shop/checkout: Canary at 20 %, 1 of 4 steps done, paused until somebody promotes',
      askAgainAt: new Date(now.getTime() + 20_000),
    });
    rollout.finish();
    application.health = 'Progressing';
    expect(await perform('rollout')).toMatchObject({
      state: 'waiting',
      reason: expect.stringContaining('not healthy yet'),
    });
    application.health = 'Healthy';
    expect(await perform('rollout')).toMatchObject({
      state: 'confirmed',
      remote: { id: 'rollout shop/checkout' },
    });
    expect(world.posts).toHaveLength(1);
  });

  it('fails when it is aborted, and does not take an old word for a new one', async () => {
    argo.add(name, { rollout, sync: 'Synced', revision });
    rollout.finish();
    rollout.generation += 1;
    expect(await perform('rollout')).toMatchObject({ state: 'waiting' });
    rollout.observed = rollout.generation;
    rollout.stable = 'old77b9c4';
    rollout.run('abort');
    expect(await perform('rollout')).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/RolloutAborted.*roll back/),
    });
  });

  it('syncs nothing where the pipeline wants a canary and none is declared', async () => {
    argo.add(name, {
      resources: [{ group: 'apps', kind: 'Deployment', name: 'checkout' }],
    });
    const refusal = {
      state: 'failed',
      reason: expect.stringContaining('declares no Rollout'),
    };
    expect(await perform('sync')).toMatchObject(refusal);
    expect(await perform('rollout')).toMatchObject(refusal);
    expect(world.posts).toEqual([]);
  });

  it('tells of the steps, the weight, the pause and the sync windows', async () => {
    argo.add(name, { rollout });
    rollout.pauseAt(3);
    argo.canSync = false;
    expect(await progress()).toEqual({
      source: 'Argo CD main',
      url: `${argo.url}/applications/${name}`,
      observedAt: now.toISOString(),
      rollouts: [
        {
          name: 'shop/checkout',
          strategy: 'canary',
          state: 'paused',
          reason: 'Canary at 60 %, 3 of 4 steps done, paused for a time',
          position: { pods: 'new66d5f8', step: 3 },
          steps: ['20 %', 'pause', '60 %', 'pause 10m'],
          weight: 60,
          pausedSince: '2026-11-21T11:55:00.000Z',
          pausedUntil: '2026-11-21T12:05:00.000Z',
        },
      ],
      windows: {
        open: false,
        reason:
          "A sync window of the project is closed: deny '0 22 * * *' for 8h",
        windows: [
          {
            kind: 'deny',
            schedule: '0 22 * * *',
            duration: '8h',
            active: true,
            manualSync: false,
          },
        ],
      },
    });
    rollout.strategy = 'blueGreen';
    expect((await progress()).rollouts[0]).toMatchObject({
      strategy: 'blueGreen',
      blueGreen: { active: 'old77b9c4', preview: 'new66d5f8' },
    });
  });

  it.each<[string, object, string]>([
    ['401', recordedErrors.unauthenticated, 'set a new one'],
    ['403', recordedErrors.permissionDenied, 'has no application'],
    ['404', { status: 404, body: { message: 'x' } }, 'has no application'],
    ['418', { status: 418, body: { message: 'no tea' } }, 'no tea'],
    ['500', { status: 500, body: 'not JSON' }, 'it answered 500'],
    ['another form', { status: 200, body: { spec: {} } }, 'another form'],
  ])('says on the page that Argo CD answers %s', async (_, answer, problem) => {
    argo.add(name, { rollout });
    argo.disturb('GET', { answer: answer as never });
    expect(await progress()).toMatchObject({
      problem: expect.stringContaining(problem),
      rollouts: [],
    });
  });

  it('says what it can when only the rollout cannot be read, or nobody answers', async () => {
    argo.add(name, { resources: [rollout.resource] });
    const told = await progress();
    expect(told.problem).toContain('or the credential may not see it');
    expect(told.windows?.open).toBe(true);
    expect(await perform('rollout')).toMatchObject({
      state: 'waiting',
      reason: expect.stringContaining('shows no rollout'),
    });
    argo.disturb(
      'GET',
      { silence: true },
      { silence: true },
      { silence: true },
    );
    expect((await progress(50)).problem).toContain('it took too long');
    world.bindings.resolve.mockResolvedValue({
      outcome: 'refused',
      reason: 'not-granted',
    });
    expect((await progress()).problem).toContain('was not granted');
  });

  it('pauses, goes on past the pause that was seen, skips the rest and goes back, each once', async () => {
    argo.add(name, { rollout });
    const first = positionOf(rolloutSchema.parse(rollout.manifest));
    expect(await steer('pause')).toMatchObject({ state: 'done' });
    expect(await steer('pause')).toEqual({
      state: 'done',
      reason: 'It is paused',
    });
    expect(rollout.paused).toBe(true);
    await steer('promote');
    expect(rollout.paused).toBe(false);
    rollout.pauseAt(3);
    expect(await steer('promote', first)).toEqual({
      state: 'done',
      reason: 'It has gone on',
    });
    expect(rollout.pausedAt).toBeDefined();
    await steer('promoteFully');
    await steer('promoteFully');
    expect(rollout.promoteFull).toBe(true);
    await steer('abort');
    await steer('abort');
    expect(rollout.abort).toBe(true);
    expect(await steer('promote')).toMatchObject({ state: 'refused' });
    expect(world.posts).toHaveLength(4);
  });

  it('does nothing to what was not looked at, or is not its own', async () => {
    argo.add(name, { rollout });
    expect(await steer('abort', { pods: 'other', step: 0 })).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining('look again'),
    });
    expect(
      await steer('abort', { pods: rollout.pods }, 'shop/payment'),
    ).toMatchObject({ state: 'refused' });
    rollout.generation += 1;
    await expect(steer('abort', { pods: rollout.pods })).rejects.toThrow(
      'has not seen yet',
    );
    world.credential = undefined;
    world.system.readToken = argo.token;
    expect(await steer('abort', { pods: rollout.pods })).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining('has set no credential'),
    });
    expect(world.posts).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['401', recordedErrors.unauthenticated, 'set a new one'],
    [
      '403',
      recordedErrors.permissionDenied,
      "the right 'action/argoproj.io/Rollout/abort'",
    ],
    ['404', { status: 404, body: { message: 'x' } }, '3.1 or later'],
    ['400', { status: 400, body: { message: 'not now' } }, 'not now'],
  ])('is refused when Argo CD answers %s', async (_, answer, reason) => {
    argo.add(name, { rollout });
    argo.disturb('POST', { answer: answer as never });
    expect(await steer('abort')).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining(reason),
    });
    expect(world.posts).toHaveLength(1);
  });

  it('cannot tell after 500 or a lost answer, and does nothing twice when it looks again', async () => {
    argo.add(name, { rollout });
    argo.disturb('POST', { answer: { status: 500, body: '' } });
    await expect(steer('pause')).rejects.toThrow('it answered 500');
    argo.disturb('POST', { lostAnswer: true });
    await expect(steer('pause')).rejects.toThrow('gave no answer');
    expect(await steer('pause')).toEqual({
      state: 'done',
      reason: 'It is paused',
    });
    expect(world.posts).toHaveLength(2);
  });
});

describe('decideSteering', () => {
  it('acts only on what was seen, goes past no other pause, and takes nothing back that is done', () => {
    const flag = fc.boolean();
    const step = fc.integer({ min: 0, max: 4 });
    const pods = fc.constantFrom('new66d5f8', 'old77b9c4');
    fc.assert(
      fc.property(
        fc.record({ paused: flag, abort: flag, promoteFull: flag, step, pods }),
        flag,
        fc.record({ pods, step }),
        fc.constantFrom<RolloutAction>(
          'pause',
          'promote',
          'promoteFully',
          'abort',
        ),
        (state, isPausedByStep, seen, action) => {
          const standIn = Object.assign(new StandInRollout(), state, {
            pausedAt: isPausedByStep ? '2026-11-21T11:55:00Z' : undefined,
          });
          const rollout = rolloutSchema.parse(standIn.manifest);
          const decision = decideSteering(rollout, { action, seen });
          if (decision.kind !== 'act') {
            return;
          }
          expect(seen.pods).toBe(state.pods);
          expect(state.pods).not.toBe(standIn.stable);
          expect(state.abort).toBe(false);
          const isPauseThatWasSeen =
            seen.step === state.step && (state.paused || isPausedByStep);
          expect(decision.action === 'resume' && !isPauseThatWasSeen).toBe(
            false,
          );
          // Done once, it is not wanted again.
          standIn.run(decision.action);
          expect(
            decideSteering(rolloutSchema.parse(standIn.manifest), {
              action,
              seen,
            }),
          ).toMatchObject({ kind: 'end', state: 'done' });
        },
      ),
    );
  });
});

it.each([
  ['600', 600],
  [600, 600],
  ['10m', 600],
  ['1h30m', 5_400],
  ['1.5h', 5_400],
  ['10 m', undefined],
  ['soon', undefined],
  ['', undefined],
  [0, undefined],
  [undefined, undefined],
])('takes %p for %p seconds', (duration, seconds) => {
  expect(secondsOf(duration)).toBe(seconds);
});
