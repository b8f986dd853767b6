import {
  type Drift,
  driftClassSchema,
} from '@portico/plugin-promotions-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeTenantDelivery } from '../__testUtils__/FakeTenantDelivery';
import { reader, showOverview } from '../__testUtils__/showOverview';
import { DriftPage } from './DriftPage';

function drift(index: number, more: Partial<Drift> = {}): Drift {
  return {
    id: `0193b6a0-0000-4000-8000-00000000000${index}`,
    component: 'component:aurora/checkout',
    environment: 'prod',
    class: 'liveDrift',
    resource: 'apps/Deployment shop/checkout',
    path: 'spec.replicas',
    declared: '3',
    live: '5',
    reason: 'kubectl-edit changed spec.replicas.',
    firstSeenAt: '2026-11-20T10:00:00.000Z',
    lastSeenAt: '2026-11-21T10:00:00.000Z',
    source: 'Argo CD main',
    sample: false,
    ...more,
  };
}

describe('DriftPage', () => {
  let portal: FakeTenantDelivery;

  beforeEach(() => {
    portal = new FakeTenantDelivery();
    portal.drift = [drift(1)];
  });

  it('says what differs where, since when, and who saw it', async () => {
    await showOverview(<DriftPage />, portal);
    const row = (await screen.findByText('checkout')).closest('tr');
    for (const text of [
      'Changed by hand',
      'kubectl-edit changed spec.replicas.',
      'apps/Deployment shop/checkout',
      'spec.replicas',
      'Declared3Live5',
      'Argo CD main',
    ]) {
      expect(row).toHaveTextContent(text);
    }
  });

  it('has words for every class', async () => {
    portal.pageSize = 20;
    portal.drift = driftClassSchema.options.map((each, index) =>
      drift(index, { class: each }),
    );
    await showOverview(<DriftPage />, portal, { permissions: reader });
    await screen.findByText('Change on its way');
    expect(document.body.textContent).not.toMatch(/class(Help)?\./);
  });

  it('keeps to the environment and state of the address, and shows what was resolved on demand', async () => {
    portal.drift = [
      drift(1, { environment: 'dev' }),
      drift(2, {
        resolvedAt: '2026-11-21T11:00:00.000Z',
        reason: 'It was stopped.',
      }),
    ];
    await showOverview(<DriftPage />, portal, {
      address: '/?environment=prod',
    });
    await screen.findByText('Nothing drifts');
    await userEvent.click(screen.getByRole('button', { name: /Which/ }));
    await userEvent.click(
      await screen.findByRole('option', { name: 'Resolved' }),
    );
    expect(await screen.findByText('It was stopped.')).toBeInTheDocument();
    expect(window.location.search).toBe('?environment=prod&state=resolved');
    expect(screen.queryByText('Mute')).toBeNull();
  });

  it('shows all components again where the address names one', async () => {
    await showOverview(<DriftPage />, portal, {
      address: '/?component=component:aurora/checkout',
    });
    await userEvent.click(await screen.findByText('Show all components'));
    await waitFor(() =>
      expect(portal.requests).toContain('GET /drift?state=open&limit=50'),
    );
  });

  it('mutes until a day, with a reason', async () => {
    await showOverview(<DriftPage />, portal);
    await userEvent.click(
      await screen.findByLabelText('Mute: checkout, prod, Changed by hand'),
    );
    const form = await screen.findByRole('dialog');
    await userEvent.click(within(form).getByText('Mute'));
    expect(
      within(form).getByText('Say why, in at least 3 characters.'),
    ).toBeInTheDocument();
    await userEvent.type(within(form).getByLabelText(/^Reason/), 'Load test');
    await userEvent.click(within(form).getByText('Mute'));
    expect(await screen.findByText(/^Muted until/)).toBeInTheDocument();
    expect(screen.getByText('Load test (user:aurora/kim)')).toBeInTheDocument();
  });

  it('shows more on demand', async () => {
    portal.drift = [1, 2, 3].map(index =>
      drift(index, { reason: `Reason ${index}.` }),
    );
    await showOverview(<DriftPage />, portal);
    await screen.findByText('Reason 2.');
    await userEvent.click(screen.getByText('More'));
    expect(await screen.findByText('Reason 3.')).toBeInTheDocument();
    expect(screen.queryByText('More')).toBeNull();
  });

  it('lets those who only read mute nothing', async () => {
    await showOverview(<DriftPage />, portal, { permissions: reader });
    await screen.findByText('Changed by hand');
    expect(screen.queryByText('Mute')).toBeNull();
  });

  it('says what went wrong, and tries again', async () => {
    portal.refusal = { status: 503, message: 'The database rests' };
    await showOverview(<DriftPage />, portal);
    await screen.findByText(/The database rests/);
    portal.refusal = undefined;
    await userEvent.click(screen.getByText('Try again'));
    expect(await screen.findByText('Changed by hand')).toBeInTheDocument();
  });
});
