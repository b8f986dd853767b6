import {
  type DeliveryFigures,
  type Deployment,
} from '@portico/plugin-promotions-common';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeTenantDelivery } from '../__testUtils__/FakeTenantDelivery';
import { showOverview } from '../__testUtils__/showOverview';
import { FiguresPage } from './FiguresPage';

const figures: DeliveryFigures = {
  scope: 'tenant:aurora',
  from: '2026-10-22T12:00:00.000Z',
  to: '2026-11-21T12:00:00.000Z',
  deploymentFrequency: {
    value: 8.2,
    unit: 'perWeek',
    n: 35,
    before: 4,
    level: 'elite',
    medianOfComponents: 1.5,
  },
  leadTime: {
    value: 60,
    unit: 'hours',
    n: 30,
    before: 40,
    medianOfComponents: 0.5,
    level: 'medium',
    note: '5 of 35 deployments are left out, because their first commit is not known.',
  },
  changeFailureRate: {
    value: 2.9,
    unit: 'percent',
    n: 35,
    before: 2.9,
    level: 'elite',
  },
  timeToRestore: { value: 0.5, unit: 'hours', n: 1, level: 'elite' },
  days: [
    { day: '2026-10-22', succeeded: 3, failed: 0 },
    { day: '2026-10-23', succeeded: 31, failed: 1 },
  ],
  sample: false,
};

const deployment: Deployment = {
  id: '0193b6a0-0000-4000-8000-000000000001',
  component: 'component:aurora/checkout',
  environment: 'prod',
  tier: 'production',
  version: '1.4.2',
  result: 'rolledBack',
  kind: 'promote',
  source: 'promotion',
  promotion: '0193b6a0-0000-7000-8000-000000000002',
  initiatedBy: 'user:aurora/kim',
  startedAt: '2026-11-20T10:00:00.000Z',
  finishedAt: '2026-11-20T10:05:00.000Z',
  sample: false,
};

describe('FiguresPage', () => {
  let portal: FakeTenantDelivery;

  beforeEach(() => {
    portal = new FakeTenantDelivery();
    portal.figures = figures;
    portal.deployments = [deployment];
  });

  const card = async (name: string) =>
    (await screen.findByText(name)).parentElement;

  it('shows each figure with unit, level, n, the window before and what is left out', async () => {
    await showOverview(<FiguresPage />, portal);
    const frequency = await card('Deployment frequency');
    for (const text of [
      '8.2 a week',
      'Elite',
      'Better than before (4 a week)',
      'from 35 deployments',
      'Median of the components: 1.5 a week',
    ]) {
      expect(frequency).toHaveTextContent(text);
    }
    const leadTime = await card('Lead time for changes');
    // One unit for all that is compared; what is small is not nothing.
    for (const text of [
      '2.5 days',
      'Worse than before (1.7 days)',
      'Median of the components: 0.02 days',
      '5 of 35',
    ]) {
      expect(leadTime).toHaveTextContent(text);
    }
    expect(await card('Change failure rate')).toHaveTextContent('As before');
    const restore = await card('Time to restore');
    expect(restore).toHaveTextContent('30 min');
    expect(restore).toHaveTextContent(
      'Nothing to compare with in the 30 days before',
    );
  });

  it('draws the days, and has them as a table for those who do not see it', async () => {
    await showOverview(<FiguresPage />, portal);
    expect(
      await screen.findByLabelText(
        '34 deployments succeeded and 1 failed or were rolled back; at most 32 on one bar.',
      ),
    ).toBeInTheDocument();
    expect(
      screen.getByText('Oct 23', { selector: 'time' }).closest('tr'),
    ).toHaveTextContent('Oct 23311');
  });

  it('lists the deployments behind it', async () => {
    await showOverview(<FiguresPage />, portal);
    const row = (await screen.findByText('1.4.2')).closest('tr');
    expect(row).toHaveTextContent('Rolled back');
    expect(
      screen.getByLabelText('Show the promotion of checkout 1.4.2'),
    ).toHaveAttribute('href', `/delivery/promotions/${deployment.promotion}`);
    expect(portal.requests).toContain(
      'GET /deployments?tier=production&limit=20',
    );
  });

  it('keeps scope and window in the address', async () => {
    await showOverview(<FiguresPage />, portal, {
      address: '/?scope=component:aurora/checkout&days=90',
    });
    await card('Time to restore');
    expect(portal.requests).toContain(
      'GET /figures?scope=component:aurora/checkout&days=90',
    );
    await screen.findByText('1.4.2');
    expect(portal.requests).toContain(
      'GET /deployments?component=component:aurora/checkout&tier=production&limit=20',
    );
  });

  it('lists the deployments of a team, and leads to its board', async () => {
    await showOverview(<FiguresPage />, portal, {
      address: '/?scope=group:aurora/web&days=30',
    });
    await screen.findByText('1.4.2');
    expect(portal.requests).toContain(
      'GET /deployments?owner=group:aurora/web&tier=production&limit=20',
    );
    expect(screen.getByText('To the board of this team')).toBeVisible();
  });

  it('says why there is no value, and what is a sample', async () => {
    portal.figures = {
      ...figures,
      deploymentFrequency: { unit: 'perWeek', n: 1, note: 'Fewer than two.' },
      timeToRestore: { unit: 'hours', n: 0, note: 'No deployment failed.' },
      days: [{ day: '2026-10-22', succeeded: 1, failed: 0 }],
      sample: true,
    };
    await showOverview(<FiguresPage />, portal);
    const frequency = await card('Deployment frequency');
    expect(frequency).toHaveTextContent('Deployment frequency–from 1');
    expect(frequency).toHaveTextContent('Fewer than two.');
    expect(await card('Time to restore')).toHaveTextContent(
      'No deployment failed.',
    );
    expect(screen.getByText(/count sample deployments/)).toBeInTheDocument();
  });

  it('leaves the sample out and counts it again, and says which', async () => {
    portal.figures = { ...figures, sample: true };
    await showOverview(<FiguresPage />, portal);
    await userEvent.click(await screen.findByText('Leave the sample out'));
    await screen.findByText(/sample deployments of the demo are left out/);
    expect(portal.requests).toContain('GET /figures?days=30&sample=without');
    await userEvent.click(await screen.findByText('Count the sample, too'));
    await screen.findByText(/count sample deployments/);
  });

  it('says that nothing was deployed', async () => {
    const nothing = { n: 0, note: 'Not enough data.' };
    portal.deployments = [];
    portal.figures = {
      ...figures,
      deploymentFrequency: { ...nothing, unit: 'perWeek' },
      leadTime: { ...nothing, unit: 'hours' },
      changeFailureRate: { ...nothing, unit: 'percent' },
      timeToRestore: { ...nothing, unit: 'hours' },
      days: [{ day: '2026-10-22', succeeded: 0, failed: 0 }],
    };
    await showOverview(<FiguresPage />, portal);
    await screen.findByText('No deployment to production in this window');
    await screen.findByText('Nothing was deployed to production yet');
    expect(await card('Time to restore')).toHaveTextContent('Not enough data');
  });

  it('says what went wrong, and tries again', async () => {
    portal.refusal = { status: 503, message: 'The database rests' };
    await showOverview(<FiguresPage />, portal);
    await screen.findByText(/The database rests/);
    portal.refusal = undefined;
    await userEvent.click(screen.getByText('Try again'));
    expect(await card('Time to restore')).toBeInTheDocument();
  });
});
