import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen, waitFor } from '@testing-library/react';
import { type Deployment } from '@portico/plugin-promotions-common';
import { SWRConfig } from 'swr';
import { FakePromotionsBackend } from '../__testUtils__/FakePromotionsBackend';
import { apisOf } from '../__testUtils__/openDelivery';
import { component, promotionId, sampleDigest } from '../__testUtils__/samples';
import { promotionsApiRef } from '../api/PromotionsApi';
import { PromotionsClient } from '../api/PromotionsClient';
import { DeploymentsPart } from './DeploymentsPart';

function deployment(changes: Partial<Deployment> = {}): Deployment {
  return {
    id: '0193b6a0-0000-4000-8000-000000000001',
    component,
    environment: 'prod',
    tier: 'production',
    release: sampleDigest('b'),
    version: '1.4.2',
    result: 'succeeded',
    kind: 'promote',
    source: 'promotion',
    promotion: promotionId,
    initiatedBy: 'user:aurora/kim',
    startedAt: '2026-11-21T10:00:00Z',
    finishedAt: '2026-11-21T10:05:00Z',
    sample: false,
    ...changes,
  };
}

const me = {
  userRef: 'user:aurora/kim',
  displayName: 'Kim',
  roles: [],
  groups: [],
  tenant: { id: 'aurora', title: 'Aurora' },
};

function open(
  answer: unknown,
  options: {
    owners?: string[];
    permissions?: readonly { name: string }[];
  } = {},
) {
  const asked: URLSearchParams[] = [];
  const backend = new FakePromotionsBackend({ 'GET /deployments': answer });
  const onReady = jest.fn();
  renderInTestApp(
    <SWRConfig value={{ provider: () => new Map() }}>
      <DeploymentsPart
        // The part looks at no more of who looks than this.
        me={me as never}
        owners={options.owners ?? ['user:aurora/kim', 'group:aurora/web']}
        onReady={onReady}
      />
    </SWRConfig>,
    {
      apis: [
        ...apisOf(backend, options.permissions),
        [
          promotionsApiRef,
          new PromotionsClient({
            fetchApi: {
              fetch: async (input, init) => {
                asked.push(new URL(String(input)).searchParams);
                return backend.fetch(input, init);
              },
            },
          }),
        ],
      ],
    },
  );
  return { asked, onReady };
}

it('lists what was deployed of what the groups own, also what nobody announced', async () => {
  const { asked, onReady } = open({
    items: [
      deployment(),
      deployment({
        id: '0193b6a0-0000-4000-8000-000000000002',
        environment: 'staging',
        version: undefined,
        release: undefined,
        result: 'failed',
        kind: 'observed',
        source: 'observed',
        sample: true,
      }),
    ],
  });
  const first = (await screen.findByText('1.4.2')).closest('li');
  expect(first).toHaveTextContent(/^checkout 1\.4\.2 ?prodSucceeded.*2026/);
  expect(first?.nextElementSibling).toHaveTextContent(
    /never announced.*Sample.*staging.*Failed/i,
  );
  expect(asked.at(-1)?.getAll('owner')).toEqual([
    'user:aurora/kim',
    'group:aurora/web',
  ]);
  await waitFor(() => expect(onReady).toHaveBeenCalled());
});

it('asks for no more owners than the portal takes', async () => {
  const { asked, onReady } = open(
    { items: [] },
    { owners: Array.from({ length: 70 }, (_, n) => `group:aurora/g${n}`) },
  );
  expect(await screen.findByText('Nothing was deployed yet.')).toBeVisible();
  expect(asked.at(-1)?.getAll('owner')).toHaveLength(50);
  expect(onReady).toHaveBeenCalled();
});

it('says why it does not know, and holds nothing else up', async () => {
  const { onReady } = open(503);
  expect(await screen.findByText(/The portal refuses this/)).toBeVisible();
  await waitFor(() => expect(onReady).toHaveBeenCalled());
});

it('is not there for somebody who may not read deliveries', async () => {
  const { asked, onReady } = open({ items: [] }, { permissions: [] });
  await waitFor(() => expect(onReady).toHaveBeenCalled());
  expect(screen.queryByText('Recent deployments')).not.toBeInTheDocument();
  expect(asked).toEqual([]);
});
