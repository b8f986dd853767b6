import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen, waitFor } from '@testing-library/react';
import { SWRConfig } from 'swr';
import { PromotionsClient } from '../api/PromotionsClient';
import { promotionsApiRef } from '../api/PromotionsApi';
import { FakePromotionsBackend } from '../__testUtils__/FakePromotionsBackend';
import { apisOf } from '../__testUtils__/openDelivery';
import { promotionId, samplePromotion } from '../__testUtils__/samples';
import { PromotionsPart } from './PromotionsPart';

const me = {
  userRef: 'user:aurora/max',
  displayName: 'Max',
  roles: [],
  groups: [],
  tenant: { id: 'aurora', title: 'Aurora' },
};

function open(items: unknown[]) {
  const backend = new FakePromotionsBackend({ 'GET /promotions': { items } });
  const onSettled = jest.fn();
  renderInTestApp(
    <SWRConfig value={{ provider: () => new Map() }}>
      {/* The part looks at no more of who looks than this. */}
      <PromotionsPart me={me as never} onSettled={onSettled} />
    </SWRConfig>,
    {
      apis: [
        ...apisOf(backend),
        [
          promotionsApiRef,
          new PromotionsClient({ fetchApi: { fetch: backend.fetch } }),
        ],
      ],
    },
  );
  return { backend, onSettled };
}

it('leads to what waits for an approval, a second person or a review', async () => {
  const { backend, onSettled } = open([
    { ...samplePromotion(), waitsFor: 'approval' },
    {
      ...samplePromotion({ id: '019a0000-0000-7000-8000-000000000002' }),
      waitsFor: 'breakGlass',
    },
    {
      ...samplePromotion({ id: '019a0000-0000-7000-8000-000000000003' }),
      waitsFor: 'review',
    },
  ]);
  expect(
    await screen.findByText('Approve checkout 1.4.2 to prod'),
  ).toHaveAttribute('href', `/delivery/promotions/${promotionId}`);
  expect(
    screen.getByText('Confirm breaking glass for checkout 1.4.2 to prod'),
  ).toBeVisible();
  expect(
    screen.getByText('Review broken glass of checkout 1.4.2 to prod'),
  ).toBeVisible();
  await waitFor(() => expect(onSettled).toHaveBeenLastCalledWith(3));
  expect(backend.asked[0]?.query).toMatchObject({ forMe: 'true' });
});

it('says nothing but that it is empty when nothing waits', async () => {
  const { onSettled } = open([]);
  await waitFor(() => expect(onSettled).toHaveBeenLastCalledWith(0));
  expect(screen.queryByText(/wait for you/)).not.toBeInTheDocument();
});
