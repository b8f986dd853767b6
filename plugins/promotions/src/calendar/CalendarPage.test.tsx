import {
  type LineStop,
  type WindowOccurrence,
} from '@portico/plugin-promotions-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeTenantDelivery } from '../__testUtils__/FakeTenantDelivery';
import { reader, showOverview } from '../__testUtils__/showOverview';
import { CalendarPage } from './CalendarPage';

const HOUR = 3_600_000;

function freeze(): WindowOccurrence {
  const from = new Date(Date.now() + HOUR);
  return {
    window: {
      name: 'Sale',
      effect: 'deny',
      start: '2026-11-27T00:00:00',
      timeZone: 'Pacific/Auckland',
      duration: 'PT2H',
      reason: 'The busiest hours of the year',
    },
    pipelineRef: 'pipeline:default/default',
    environments: ['prod', 'staging'],
    from: from.toISOString(),
    to: new Date(from.getTime() + 2 * HOUR).toISOString(),
  };
}

function stop(scope: LineStop['scope']): LineStop {
  return {
    id: '0193b6a0-0000-4000-8000-000000000001',
    scope,
    environment: 'prod',
    reason: 'The database is being moved',
    by: 'user:aurora/lee',
    since: '2026-11-21T09:00:00.000Z',
  };
}

describe('CalendarPage', () => {
  let portal: FakeTenantDelivery;

  beforeEach(() => {
    portal = new FakeTenantDelivery();
    portal.calendar = {
      occurrences: [freeze()],
      stops: [],
      now: [
        {
          environment: 'staging',
          standing: { closed: false, reason: 'No window closes it.' },
        },
        {
          environment: 'prod',
          standing: { closed: true, reason: 'The window "Sale" closes it.' },
        },
      ],
    };
  });

  it('says of each environment whether it is open, why, and until when', async () => {
    await showOverview(<CalendarPage />, portal);
    const prod = (await screen.findByText('The window "Sale" closes it.'))
      .parentElement;
    expect(prod).toHaveTextContent('Closed');
    expect(prod).toHaveTextContent('No known end');
    const staging = screen.getByText('No window closes it.').parentElement;
    expect(staging).toHaveTextContent('Open');
    expect(staging).toHaveTextContent('Nothing planned');
  });

  it('shows a window in the month, and with its own zone in the list', async () => {
    await showOverview(<CalendarPage />, portal);
    const row = (await screen.findByText(/busiest hours/)).closest('tr');
    expect(row).toHaveTextContent('prod, staging');
    expect(row).toHaveTextContent('Pacific/Auckland');
    expect(screen.getAllByText(/prod, staging: Sale/).length).toBeGreaterThan(
      0,
    );
  });

  it('leafs through the months and keeps the month in the address', async () => {
    await showOverview(<CalendarPage />, portal, {
      address: '/?month=2026-12',
    });
    await screen.findByRole('heading', { name: 'December 2026' });
    expect(portal.requests[0]).toMatch(
      /^GET \/windows\?from=2026-(11-30|11-29)T/,
    );
    await userEvent.click(screen.getByLabelText('The month after'));
    await screen.findByRole('heading', { name: 'January 2027' });
    expect(window.location.search).toBe('?month=2027-01');
    await userEvent.click(screen.getByText('This month'));
    await waitFor(() => expect(window.location.search).toBe(''));
  });

  it('stops the line with a reason', async () => {
    await showOverview(<CalendarPage />, portal);
    await userEvent.click(await screen.findByText('Stop the line'));
    const form = await screen.findByRole('dialog');
    await userEvent.click(within(form).getByText('Stop'));
    expect(
      within(form).getByText('Say why, in at least 3 characters.'),
    ).toBeInTheDocument();
    await userEvent.type(within(form).getByLabelText(/^Reason/), 'Outage');
    await userEvent.click(within(form).getByText('Stop'));
    await screen.findByText('Stop of all environments');
    expect(portal.requests).toContain('POST /stops {"reason":"Outage"}');
  });

  it('lifts a stop after asking', async () => {
    portal.calendar.stops = [stop('tenant')];
    await showOverview(<CalendarPage />, portal);
    await userEvent.click(
      await screen.findByLabelText('Lift the stop of prod'),
    );
    await userEvent.click(
      within(await screen.findByRole('dialog')).getByText('Lift the stop'),
    );
    await waitFor(() =>
      expect(screen.queryByText('The database is being moved')).toBeNull(),
    );
  });

  it.each([
    ['a tenant', 'user:aurora/kim', 0],
    ['the platform', 'user:default/pat', 1],
  ])(
    'offers %s, %s, to lift a stop of the platform: %d',
    async (_, userRef, buttons) => {
      portal.calendar.stops = [stop('platform')];
      await showOverview(<CalendarPage />, portal, { userRef });
      await screen.findByText(/By the platform, for all tenants/);
      await waitFor(() =>
        expect(screen.queryAllByText('Lift the stop')).toHaveLength(buttons),
      );
    },
  );

  it('shows those who only read no switches', async () => {
    portal.calendar.stops = [stop('tenant')];
    await showOverview(<CalendarPage />, portal, { permissions: reader });
    await screen.findByText('The database is being moved');
    expect(screen.queryByText('Stop the line')).toBeNull();
    expect(screen.queryByText('Lift the stop')).toBeNull();
  });

  it('says that nothing is planned', async () => {
    portal.calendar = { occurrences: [], stops: [], now: [] };
    await showOverview(<CalendarPage />, portal);
    await screen.findByText('No window in the next 60 days');
    expect(screen.getByText('There is no environment yet')).toBeInTheDocument();
  });

  it('says what went wrong, and tries again', async () => {
    portal.refusal = { status: 503, message: 'The catalog rests' };
    await showOverview(<CalendarPage />, portal);
    await screen.findByText(/The catalog rests/);
    portal.refusal = undefined;
    await userEvent.click(screen.getByText('Try again'));
    expect(await screen.findByText('Coming windows')).toBeInTheDocument();
  });
});
