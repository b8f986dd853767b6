import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fill } from '../__testUtils__/fill';
import { FakePromotionsBackend } from '../__testUtils__/FakePromotionsBackend';
import { openPage } from '../__testUtils__/openDelivery';
import {
  promotionId,
  sampleDetail,
  sampleDiff,
  sampleDigest,
  samplePromotion,
} from '../__testUtils__/samples';

const address = `/delivery/promotions/${promotionId}`;
const path = `/promotions/${promotionId}`;

function open(detail = sampleDetail(), more: Record<string, unknown> = {}) {
  const backend = new FakePromotionsBackend({
    [`GET ${path}`]: detail,
    [`GET ${path}/diff`]: sampleDiff(),
    ...more,
  });
  openPage(address, backend);
  return backend;
}

it('says what is to come where, where it stands and why', async () => {
  open();
  expect(
    await screen.findByText('Promote checkout 1.4.2 to prod', {
      selector: 'h2',
    }),
  ).toBeVisible();
  expect(
    screen.getByText('The gate review waits for one approval.'),
  ).toBeVisible();
  expect(screen.getByText('At least one gate has not said yes.')).toBeVisible();
});

it('shows each gate with its answer and reason, and its evidence on demand', async () => {
  open();
  const gate = await screen.findByRole('listitem', { name: 'review' });
  expect(within(gate).getByText('Not yet')).toBeVisible();
  expect(within(gate).getByText('One approval is missing.')).toBeVisible();
  expect(within(gate).getByText(/at review/)).not.toBeVisible();
  await userEvent.click(within(gate).getByText('Evidence'));
  expect(within(gate).getByText(/at review/)).toBeVisible();
});

it('says who can still approve, and who cannot and why', async () => {
  open();
  expect(await screen.findByText(/Can still approve/)).toHaveTextContent('max');
  expect(screen.getByText(/asked for it$/)).toHaveTextContent(
    'kim asked for it',
  );
});

it('keeps stale votes visible and says what changed', async () => {
  open(
    sampleDetail({
      subjectChanges: ['The base of the deployment repository moved.'],
      votes: [
        {
          voter: 'user:aurora/max',
          decision: 'approve',
          subject: sampleDigest('2'),
          at: '2026-11-21T10:05:00Z',
          standing: 'stale',
        },
      ],
    }),
  );
  expect(
    await screen.findByText('The base of the deployment repository moved.'),
  ).toBeVisible();
  expect(screen.getByText('Stale')).toBeVisible();
  expect(
    screen.getByText('It was given to something else than what is shown now.'),
  ).toBeVisible();
});

it('signs exactly the subject that was shown', async () => {
  const backend = open(undefined, {
    [`POST ${path}/votes`]: sampleDetail({
      promotion: samplePromotion({ phase: 'ready', reason: 'All said yes.' }),
    }),
  });
  const risk = 'Replicas of Deployment checkout go from 3 to 1.';
  await screen.findByText(risk);
  await userEvent.click(screen.getByText('Approve'));
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).getByText(sampleDigest('1'))).toBeVisible();
  expect(within(dialog).getByText(risk)).toBeVisible();
  await fill(within(dialog).getByLabelText('Comment'), 'Seen it');
  await userEvent.click(within(dialog).getByText('Approve'));
  expect(await screen.findByText('All said yes.')).toBeVisible();
  expect(backend.bodies(`POST ${path}/votes`)).toEqual([
    { decision: 'approve', subject: sampleDigest('1'), comment: 'Seen it' },
  ]);
});

it('does not sign what changed while the dialog was open', async () => {
  const backend = open();
  await userEvent.click(await screen.findByText('Approve'));
  const dialog = await screen.findByRole('dialog');
  backend.answers[`GET ${path}`] = sampleDetail({
    promotion: samplePromotion({ subject: sampleDigest('2') }),
  });
  await waitFor(() => expect(backend.openStreams).toBe(1));
  backend.tell({
    type: 'promotion',
    id: promotionId,
    component: 'component:aurora/checkout',
    environment: 'prod',
    phase: 'waiting',
    revision: 4,
  });
  expect(
    await within(dialog).findByText('It changed while you looked'),
  ).toBeVisible();
  await userEvent.click(within(dialog).getByText('Approve'));
  expect(backend.bodies(`POST ${path}/votes`)).toEqual([]);
});

it('says why an act is not allowed, and does not act', async () => {
  open();
  const button = await screen.findByText('Cancel the promotion');
  expect(button.closest('button')).toHaveAttribute('aria-disabled', 'true');
  expect(button.closest('button')).toHaveAccessibleDescription(
    'Only who asked for it can cancel it.',
  );
  await userEvent.click(button);
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
});

it('keeps what was typed when the portal refuses, and says why', async () => {
  open(undefined, { [`POST ${path}/votes`]: 409 });
  await userEvent.click(await screen.findByText('Reject'));
  const dialog = await screen.findByRole('dialog');
  await fill(within(dialog).getByLabelText('Comment'), 'Too risky');
  await userEvent.click(within(dialog).getByText('Reject'));
  expect(
    await within(dialog).findByText('The portal refuses this.'),
  ).toBeVisible();
  expect(within(dialog).getByLabelText('Comment')).toHaveValue('Too risky');
});

it('asks for everything that breaking glass takes', async () => {
  const allowed = sampleDetail();
  allowed.may.breakGlass = { allowed: true, why: '' };
  const backend = open(allowed, { [`POST ${path}/break-glass`]: allowed });
  await userEvent.click(await screen.findByText('Break glass'));
  const dialog = await screen.findByRole('dialog');
  const submit = within(dialog).getByText('Break glass', {
    selector: 'button *, button',
  });
  await userEvent.click(submit);
  expect(
    await within(dialog).findByText('Choose at least one gate.'),
  ).toBeVisible();
  // A gate that says yes needs no way past it.
  expect(within(dialog).queryByText(/no-freeze/)).not.toBeInTheDocument();
  await userEvent.click(within(dialog).getByText(/review: One approval/));
  await fill(
    within(dialog).getByLabelText(/What happened/),
    'Checkout is down for everybody',
  );
  await fill(within(dialog).getByLabelText(/Ticket of the incident/), 'INC-42');
  await userEvent.click(submit);
  await waitFor(() =>
    expect(backend.bodies(`POST ${path}/break-glass`)).toEqual([
      {
        gates: ['review'],
        reason: 'Checkout is down for everybody',
        ticket: 'INC-42',
        expiresAfter: 'PT1H',
      },
    ]),
  );
});

it('shows what is told by the event stream', async () => {
  const backend = open();
  await screen.findByText('The gate review waits for one approval.');
  await waitFor(() => expect(backend.openStreams).toBe(1));
  backend.answers[`GET ${path}`] = sampleDetail({
    promotion: samplePromotion({ phase: 'succeeded', reason: 'It runs.' }),
  });
  backend.tell({
    type: 'promotion',
    id: promotionId,
    component: 'component:aurora/checkout',
    environment: 'prod',
    phase: 'succeeded',
    revision: 9,
  });
  expect(await screen.findByText('It runs.')).toBeVisible();
});

it('says the same of what is absent and of what is another tenant’s', async () => {
  openPage(address, new FakePromotionsBackend());
  expect(await screen.findByText('There is no such promotion')).toBeVisible();
});

it('tells who may not look whom to ask', async () => {
  openPage(address, new FakePromotionsBackend(), []);
  expect(
    await screen.findByText('You have no access to delivery'),
  ).toBeVisible();
});
