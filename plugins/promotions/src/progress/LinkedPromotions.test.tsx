import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen, waitFor } from '@testing-library/react';
import { SWRConfig } from 'swr';
import { FakePromotionsBackend } from '../__testUtils__/FakePromotionsBackend';
import { apisOf } from '../__testUtils__/openDelivery';
import {
  promotionId,
  sampleDetail,
  samplePromotion,
} from '../__testUtils__/samples';
import { promotionsApiRef } from '../api/PromotionsApi';
import { PromotionsClient } from '../api/PromotionsClient';
import { LinkedPromotions } from './LinkedPromotions';

const path = `/delivery/promotions/${promotionId}`;
const asked = `GET /promotions/${promotionId}`;

function open(
  addresses: string[],
  answer: unknown = sampleDetail(),
  permissions?: readonly { name: string }[],
) {
  const backend = new FakePromotionsBackend({ [asked]: answer });
  renderInTestApp(
    <SWRConfig value={{ provider: () => new Map() }}>
      <LinkedPromotions addresses={addresses} />
      <p>what follows</p>
    </SWRConfig>,
    {
      apis: [
        ...apisOf(backend, permissions),
        [
          promotionsApiRef,
          new PromotionsClient({ fetchApi: { fetch: backend.fetch } }),
        ],
      ],
    },
  );
  return backend;
}

it('shows where the promotion stands, what its gates say, and who can still approve', async () => {
  open([`${window.location.origin}${path}`, path]);
  expect(
    await screen.findByText('The gate review waits for one approval.'),
  ).toBeVisible();
  expect(screen.getByText('Promote checkout 1.4.2 to prod')).toBeVisible();
  expect(
    screen.getByText('One approval is missing.').closest('li'),
  ).toHaveTextContent(/Not yet.*review.*Can still approve: aurora\/max/);
  expect(
    screen.getByText('No window is active.').closest('li'),
  ).toHaveTextContent(/^Yes/);
  expect(screen.getByText('Open the promotion')).toHaveAttribute('href', path);
});

it('follows it, and keeps what it knows when the portal does not answer', async () => {
  const backend = open([path]);
  await screen.findByText('The gate review waits for one approval.');
  await waitFor(() => expect(backend.openStreams).toBe(1));
  const event = {
    type: 'promotion',
    id: promotionId,
    component: 'component:aurora/checkout',
    environment: 'prod',
    phase: 'succeeded',
    revision: 9,
  } as const;
  backend.answers[asked] = sampleDetail({
    promotion: samplePromotion({
      phase: 'succeeded',
      reason: 'It runs in prod.',
      endedAt: '2026-11-21T10:20:00Z',
    }),
  });
  backend.tell(event);
  expect(await screen.findByText('It runs in prod.')).toBeVisible();
  expect(screen.queryByText(/Can still approve/)).not.toBeInTheDocument();
  backend.answers[asked] = 503;
  backend.tell(event);
  expect(await screen.findByText(/The portal refuses this/)).toBeVisible();
  expect(screen.getByText('It runs in prod.')).toBeVisible();
});

it('asks for nothing where no address leads to a promotion of this portal', async () => {
  const backend = open([
    `https://elsewhere.example${path}`,
    '/delivery/promotions',
    `/other/${promotionId}`,
    '/delivery/promotions/none',
    'https://',
  ]);
  await screen.findByText('what follows');
  expect(backend.asked).toEqual([]);
});

it('leaves out what the reader cannot see', async () => {
  const absent = open([path], 404);
  await waitFor(() => expect(absent.asked).toHaveLength(1));
  await waitFor(() =>
    expect(screen.queryByText('Open the promotion')).not.toBeInTheDocument(),
  );
});

it('asks for nothing for somebody who may not read deliveries', async () => {
  const backend = open([path], sampleDetail(), []);
  await screen.findByText('what follows');
  expect(backend.asked).toEqual([]);
});
