import {
  type DeliveryProgress,
  rolloutOfPromotionSchema,
} from '@portico/plugin-promotions-common';
import { kim, lena, twin, vera } from '../__testUtils__/DeliveryPortal';
import { DeliveryScene, reason } from '../__testUtils__/DeliveryScene';

jest.setTimeout(120_000);

const progress: DeliveryProgress = {
  source: 'Argo CD main',
  observedAt: '2026-11-21T12:00:00.000Z',
  rollouts: [
    {
      name: 'shop/checkout',
      strategy: 'canary',
      state: 'paused',
      reason:
        'Canary at 20 %, 1 of 2 steps done, paused until somebody promotes',
      position: { pods: 'abc', step: 1 },
      steps: ['20 %', 'pause'],
      weight: 20,
    },
  ],
};
const wish = {
  ...reason,
  action: 'pause',
  rollout: 'shop/checkout',
  seen: { pods: 'abc', step: 1 },
};

describe('rollouts over HTTP', () => {
  let scene: DeliveryScene;

  beforeAll(async () => {
    scene = await DeliveryScene.start();
    scene.progress = progress;
  });
  afterAll(() => scene?.stop());

  it('shows how far it is, and has the engine do what a person asks, once', async () => {
    const { id } = await scene.waiting('1.0.0');
    const path = `/promotions/${id}/rollout`;
    const told = rolloutOfPromotionSchema.parse(
      (await scene.get(vera, path)).body,
    );
    expect(told).toEqual({
      progress,
      acts: [],
      maySteer: { allowed: false, why: 'It is not under way.' },
    });
    expect((await scene.post(kim, path, wish)).status).toBe(409);

    await setPhase(id, 'running');
    const answer = await scene.post(kim, path, wish);
    expect(answer.status).toBe(202);
    expect(rolloutOfPromotionSchema.parse(answer.body)).toMatchObject({
      acts: [
        { action: 'pause', by: kim, state: 'asked', reason: reason.reason },
      ],
      maySteer: { allowed: true },
    });
    expect((await scene.post(kim, path, wish)).body.acts).toHaveLength(1);
    expect(
      (await scene.portal.recorded('aurora')).filter(
        ({ act }) => act === 'promotions.rollout.ask',
      ),
    ).toMatchObject([
      {
        subject: { kind: 'promotion', ref: id },
        details: { action: 'pause', rollout: 'shop/checkout' },
      },
    ]);

    await setPhase(id, 'failed');
    expect((await scene.get(vera, path)).body).toEqual({
      acts: [expect.objectContaining({ state: 'lapsed' })],
      maySteer: expect.objectContaining({ allowed: false }),
    });
  });

  it('tells other tenants nothing, takes no wish from a machine, and none that is wrong', async () => {
    const { id } = await scene.waiting('1.1.0');
    await setPhase(id, 'running');
    const path = `/promotions/${id}/rollout`;
    for (const stranger of [twin, lena]) {
      expect((await scene.get(stranger, path)).status).toBe(404);
      expect((await scene.post(stranger, path, wish)).status).toBe(404);
    }
    const machine = await scene.portal.createMachine('aurora', 'ci');
    expect((await scene.post(machine, path, wish)).status).toBe(403);
    for (const wrong of [
      { ...wish, action: 'restart' },
      { ...wish, rollout: '../secret' },
      { ...wish, seen: { pods: 'abc', step: -1 } },
      { ...wish, reason: '' },
    ]) {
      expect((await scene.post(kim, path, wrong)).status).toBe(400);
    }
    scene.portal.denied.add('promotions.request');
    expect((await scene.post(kim, path, wish)).status).toBe(403);
    expect((await scene.get(kim, path)).body).toMatchObject({
      acts: [],
      maySteer: {
        allowed: false,
        why: 'You do not hold the permission promotions.request.',
      },
    });
    scene.portal.denied.clear();
  });

  /** No engine runs here. */
  function setPhase(id: string, phase: 'running' | 'failed') {
    return scene.inAurora(({ transaction }) =>
      transaction.raw(
        'update portico_promotions.promotions set phase = ?, ended_at = ?, due_at = ? where id = ?',
        [
          phase,
          phase === 'failed' ? scene.now() : null,
          phase === 'failed' ? null : scene.now(),
          id,
        ],
      ),
    );
  }
});
