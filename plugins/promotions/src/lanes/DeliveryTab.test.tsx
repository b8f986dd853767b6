import { promotionReadPermission } from '@portico/plugin-promotions-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fill } from '../__testUtils__/fill';
import { FakePromotionsBackend } from '../__testUtils__/FakePromotionsBackend';
import { openTab } from '../__testUtils__/openDelivery';
import {
  component,
  promotionId,
  sampleDelivery,
  sampleDiff,
  sampleDigest,
  samplePromotion,
  sampleRelease,
} from '../__testUtils__/samples';

const deployment = {
  id: '019a0000-0000-4000-8000-000000000002',
  component,
  environment: 'prod',
  tier: 'production',
  release: sampleDigest('9'),
  version: '1.4.0',
  result: 'succeeded',
  kind: 'promote',
  source: 'promotion',
  promotion: promotionId,
  initiatedBy: 'user:aurora/kim',
  startedAt: '2026-11-19T12:00:00Z',
  finishedAt: '2026-11-19T12:01:00Z',
  sample: false,
};

function answers(delivery = sampleDelivery()) {
  return {
    'GET /delivery': delivery,
    'GET /releases': {
      items: [
        sampleRelease('1.5.0', 'c'),
        sampleRelease('1.4.2', 'b'),
        sampleRelease('1.4.1', 'a'),
      ],
    },
    'GET /deployments': { items: [deployment] },
    'GET /diff': sampleDiff(),
    'POST /promotions': samplePromotion(),
  };
}

function open(delivery = sampleDelivery()) {
  const backend = new FakePromotionsBackend(answers(delivery));
  openTab(backend);
  return backend;
}

/** The lane of an environment. */
async function lane(environment: string): Promise<HTMLElement> {
  const heading = await screen.findByText(environment, { selector: 'h3 *' });
  const item = heading.closest('li');
  if (!item) {
    throw new Error(`${environment} has no lane`);
  }
  return item;
}

it('says of each environment what runs since when, how it does and how far it is behind', async () => {
  open();
  const prod = await lane('prod');
  expect(within(prod).getByText('1.4.1')).toBeVisible();
  expect(prod).toHaveTextContent(/since .*2026/);
  expect(within(prod).getByText('Healthy')).toBeVisible();
  expect(
    within(prod).getByText('It answers its readiness check.'),
  ).toBeVisible();
  expect(prod).toHaveTextContent('local runtime');
  expect(within(prod).getByText('1 release behind staging')).toBeVisible();
});

it('says what keeps releases out: freeze, hold, drift, and what is on its way', async () => {
  open(
    sampleDelivery({
      window: {
        closed: true,
        reason: 'Year end freeze',
        nextOpen: '2027-01-04T00:00:00Z',
      },
      hold: {
        by: 'user:aurora/kim',
        since: '2026-11-21T10:00:00Z',
        reason: 'Rolled back',
      },
      drift: 2,
      open: samplePromotion(),
    }),
  );
  const prod = await lane('prod');
  expect(prod).toHaveTextContent('Closed: Year end freeze');
  expect(prod).toHaveTextContent(/Opens .*2027/);
  expect(prod).toHaveTextContent('Automation is held: Rolled back');
  expect(
    within(prod).getByText('2 differences from what is declared'),
  ).toHaveAttribute(
    'href',
    '/delivery/drift?component=component%3Aaurora%2Fcheckout&environment=prod',
  );
  expect(within(prod).getByText('Promotion of 1.4.2')).toHaveAttribute(
    'href',
    `/delivery/promotions/${promotionId}`,
  );
});

it('offers what runs in the environment before, and shows what it changes', async () => {
  const backend = open();
  await userEvent.click(
    within(await lane('prod')).getByLabelText('Promote to prod'),
  );
  const dialog = await screen.findByRole('dialog');
  expect(
    await within(dialog).findByText(
      'Replicas of Deployment checkout go from 3 to 1.',
    ),
  ).toBeVisible();
  await userEvent.click(within(dialog).getByText('Ask for the promotion'));
  await waitFor(() =>
    expect(backend.bodies('POST /promotions')).toEqual([
      {
        component,
        environment: 'prod',
        release: sampleDigest('b'),
        kind: 'promote',
        key: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    ]),
  );
});

it('rolls back in two clicks to what ran before', async () => {
  const backend = open();
  await userEvent.click(
    within(await lane('prod')).getByLabelText('Roll back prod'),
  );
  const dialog = await screen.findByRole('dialog');
  await within(dialog).findAllByText(/1\.4\.0, ran here/);
  await userEvent.click(within(dialog).getByText('Roll back'));
  await waitFor(() =>
    expect(backend.bodies('POST /promotions')).toMatchObject([
      { kind: 'rollback', release: sampleDigest('9') },
    ]),
  );
});

it('shows disabled, with the reason, what the reader may not ask for', async () => {
  openTab(new FakePromotionsBackend(answers()), [promotionReadPermission]);
  const button = within(await lane('prod')).getByLabelText('Promote to prod');
  await waitFor(() => expect(button).toHaveAttribute('aria-disabled', 'true'));
  expect(button).toHaveAccessibleDescription(/You may not ask for promotions/);
  await userEvent.click(button);
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
});

it('compares an environment with the one before', async () => {
  const backend = open();
  await userEvent.click(
    within(await lane('prod')).getByLabelText('Compare prod'),
  );
  const dialog = await screen.findByRole('dialog');
  expect(
    await within(dialog).findByText('Count what is in the basket'),
  ).toBeVisible();
  expect(backend.asked.find(({ what }) => what === 'GET /diff')?.query).toEqual(
    { component, from: 'prod', to: 'staging' },
  );
});

it('rejects a release only with a reason', async () => {
  const backend = open();
  backend.answers[`POST /releases/${sampleDigest('c')}/reject`] = sampleRelease(
    '1.5.0',
    'c',
  );
  await userEvent.click(await screen.findByLabelText('Reject 1.5.0'));
  const dialog = await screen.findByRole('dialog');
  await userEvent.click(within(dialog).getByText('Reject for good'));
  expect(
    await within(dialog).findByText('Write at least three characters.'),
  ).toBeVisible();
  await fill(within(dialog).getByLabelText(/Reason/), 'Loses orders');
  await userEvent.click(within(dialog).getByText('Reject for good'));
  await waitFor(() =>
    expect(
      backend.bodies(`POST /releases/${sampleDigest('c')}/reject`),
    ).toEqual([{ reason: 'Loses orders' }]),
  );
});

it('says of a release that nobody announced where it was found, and whom that commit names', async () => {
  openTab(
    new FakePromotionsBackend({
      ...answers(),
      'GET /releases': {
        items: [
          sampleRelease('commit-1a2b3c4d5e6f', 'd', {
            announcedBy: 'plugin:promotions',
            found: 'deploymentRepository',
            foundIn: {
              repository: 'https://forge.example/aurora/deployments',
              commit: '1a2b3c4d5e6f',
              author: 'Kim Lee',
              url: 'https://forge.example/aurora/deployments/commit/1a2b3c4d5e6f',
            },
          }),
        ],
      },
    }),
  );
  expect(
    await screen.findByText(/Nobody announced it\..*names Kim Lee/),
  ).toBeVisible();
  expect(screen.getByText('1a2b3c4').closest('a')).toHaveAttribute(
    'href',
    'https://forge.example/aurora/deployments/commit/1a2b3c4d5e6f',
  );
});
