import {
  type RolloutOfPromotion,
  type RolloutProgress,
} from '@portico/plugin-promotions-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fill } from '../__testUtils__/fill';
import { FakePromotionsBackend } from '../__testUtils__/FakePromotionsBackend';
import { openPage, openTab } from '../__testUtils__/openDelivery';
import {
  promotionId,
  sampleDelivery,
  sampleDetail,
  sampleDiff,
  samplePromotion,
} from '../__testUtils__/samples';

const path = `/promotions/${promotionId}`;
const rollout: RolloutProgress = {
  name: 'shop/checkout',
  strategy: 'canary',
  state: 'paused',
  reason: 'Canary at 20 %, 1 of 3 steps done, paused until somebody promotes',
  position: { pods: 'abc', step: 1 },
  steps: ['20 %', 'pause', '60 %'],
  weight: 20,
  pausedSince: '2026-11-21T10:00:00.000Z',
};

function sample(changes: Partial<RolloutOfPromotion> = {}): RolloutOfPromotion {
  return {
    progress: {
      source: 'Argo CD main',
      observedAt: '2026-11-21T12:00:00.000Z',
      rollouts: [rollout],
      windows: {
        open: false,
        reason: 'A sync window of the project is closed',
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
    },
    acts: [],
    maySteer: { allowed: true, why: 'It is under way.' },
    ...changes,
  };
}

function open(answer: unknown, more: Record<string, unknown> = {}) {
  const detail = sampleDetail({
    promotion: samplePromotion({ phase: 'running' }),
  });
  detail.stage.environment.delivery.driver = 'argocd';
  const backend = new FakePromotionsBackend({
    [`GET ${path}`]: detail,
    [`GET ${path}/diff`]: sampleDiff(),
    [`GET ${path}/rollout`]: answer,
    ...more,
  });
  openPage(`/delivery${path}`, backend);
  return backend;
}

it('shows the step, the weight, the pause and the sync windows', async () => {
  open(sample());
  expect(await screen.findByText(rollout.reason)).toBeVisible();
  expect(screen.getByLabelText('20 % get the new')).toHaveAttribute(
    'value',
    '20',
  );
  expect(screen.getByLabelText('pause: now')).toHaveAttribute(
    'aria-current',
    'step',
  );
  expect(screen.getByLabelText('20 %: done')).toBeVisible();
  expect(screen.getByText(/^Paused since/)).toBeVisible();
  expect(
    screen.getByText('Closed: A sync window of the project is closed'),
  ).toBeVisible();
  expect(screen.getByText('deny 0 22 * * * for 8h, active now')).toBeVisible();
});

it('asks with a reason for what was seen, and shows what became of it', async () => {
  const backend = open(sample(), {
    [`POST ${path}/rollout`]: sample({
      acts: [
        {
          id: '019a0000-0000-4000-8000-000000000001',
          action: 'promote',
          rollout: 'shop/checkout',
          reason: 'The error rate is fine',
          by: 'user:aurora/kim',
          at: '2026-11-21T12:00:01.000Z',
          state: 'refused',
          outcome: 'The gates let no more in now: no-freeze: closed.',
        },
      ],
    }),
  });
  await userEvent.click(await screen.findByLabelText('Promote: shop/checkout'));
  const dialog = await screen.findByRole('dialog');
  await fill(within(dialog).getByLabelText(/Reason/), 'The error rate is fine');
  await userEvent.click(within(dialog).getByText('Promote'));
  await waitFor(() =>
    expect(backend.bodies(`POST ${path}/rollout`)).toEqual([
      {
        action: 'promote',
        rollout: 'shop/checkout',
        seen: { pods: 'abc', step: 1 },
        reason: 'The error rate is fine',
      },
    ]),
  );
  expect(await screen.findByText('Refused')).toBeVisible();
  expect(screen.getByText(/let no more in now/)).toBeVisible();
});

it('says why nothing may be asked, and what Argo CD does not tell', async () => {
  open(
    sample({
      progress: {
        source: 'Argo CD main',
        observedAt: '2026-11-21T12:00:00.000Z',
        problem: 'Argo CD main does not accept the credential',
        rollouts: [rollout],
      },
      maySteer: { allowed: false, why: 'You do not hold it.' },
    }),
  );
  expect(
    await screen.findByText(
      'Not everything can be told: Argo CD main does not accept the credential',
    ),
  ).toBeVisible();
  const abort = screen.getByLabelText('Abort: shop/checkout');
  expect(abort).toHaveAttribute('aria-disabled', 'true');
  expect(abort).toHaveAccessibleDescription('You do not hold it.');
  await userEvent.click(abort);
  expect(screen.queryByRole('dialog')).toBeNull();
});

it('says so when it cannot be loaded', async () => {
  open(503);
  expect(
    await screen.findByText('The rollout could not be loaded'),
  ).toBeVisible();
});

it('shows it in the lane of the promotion that is under way', async () => {
  openTab(
    new FakePromotionsBackend({
      'GET /delivery': sampleDelivery({
        driver: 'argocd',
        open: samplePromotion({ phase: 'running' }),
      }),
      'GET /releases': { items: [] },
      'GET /deployments': { items: [] },
      [`GET ${path}/rollout`]: sample(),
    }),
  );
  expect(await screen.findByText(`Rollout: ${rollout.reason}`)).toBeVisible();
  expect(
    screen.getByText('Argo CD: A sync window of the project is closed'),
  ).toBeVisible();
});
