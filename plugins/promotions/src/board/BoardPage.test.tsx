import { type BoardRow } from '@portico/plugin-promotions-common';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeTenantDelivery } from '../__testUtils__/FakeTenantDelivery';
import { showOverview } from '../__testUtils__/showOverview';
import { BoardPage } from './BoardPage';

const promotion = '0193b6a0-0000-7000-8000-000000000001';

function rowOf(
  name: string,
  prod: Partial<BoardRow['cells'][number]> = {},
): BoardRow {
  const cell = {
    version: '1.4.2',
    deployedAt: '2026-11-20T10:00:00.000Z',
    behind: 0,
    health: 'healthy' as const,
    drift: 0,
    held: false,
  };
  return {
    component: `component:aurora/${name}`,
    owner: name === 'checkout' ? 'group:aurora/web' : 'group:aurora/money',
    cells: [
      { ...cell, environment: 'dev' },
      { ...cell, environment: 'prod', ...prod },
    ],
  };
}

describe('BoardPage', () => {
  let portal: FakeTenantDelivery;

  beforeEach(() => {
    portal = new FakeTenantDelivery();
    portal.board.items = [
      rowOf('checkout', {
        version: '1.3.0',
        behind: 2,
        phase: 'waiting',
        promotion,
        health: 'degraded',
        drift: 1,
        held: true,
      }),
      rowOf('payments'),
      rowOf('search'),
    ];
  });

  it('shows what runs where, and leads to what is open and what drifts', async () => {
    await showOverview(<BoardPage />, portal);
    const [, dev, staging, prod] =
      (await screen.findByText('checkout')).closest('tr')?.cells ?? [];
    expect(dev).toHaveTextContent('1.4.2');
    expect(dev).toHaveTextContent('Healthy');
    expect(staging).toBeEmptyDOMElement();
    for (const text of ['1.3.0', 'Degraded', '2 releases behind', 'hold']) {
      expect(prod).toHaveTextContent(text);
    }
    expect(
      within(prod).getByLabelText('Waiting: the promotion of checkout to prod'),
    ).toHaveAttribute('href', `/delivery/promotions/${promotion}`);
    expect(
      within(prod).getByLabelText('1 drift of checkout in prod'),
    ).toHaveAttribute(
      'href',
      '/delivery/drift?component=component%3Aaurora%2Fcheckout&environment=prod',
    );
  });

  it('tells an environment with nothing but samples from one with nothing', async () => {
    const nothing = { version: undefined, deployedAt: undefined };
    portal.board.items = [
      rowOf('checkout', { ...nothing, health: 'unknown', sampleOnly: true }),
      rowOf('payments', { ...nothing, health: 'unknown' }),
    ];
    await showOverview(<BoardPage />, portal);
    const prodOf = async (name: string) =>
      (await screen.findByText(name)).closest('tr')?.cells[3];
    expect(await prodOf('checkout')).toHaveTextContent(
      /^Only sample deployments of the demo$/,
    );
    expect(await prodOf('payments')).toHaveTextContent(/^Nothing yet$/);
  });

  it('shows more on demand, and keeps up with what happens', async () => {
    await showOverview(<BoardPage />, portal);
    await screen.findByText('The first 2 components');
    expect(screen.queryByText('search')).toBeNull();
    await userEvent.click(screen.getByText('More components'));
    await screen.findByText('search');
    expect(screen.getByText('3 components')).toBeInTheDocument();
    portal.board.items = [
      ...portal.board.items.slice(0, 2),
      rowOf('search', { version: '9.9.9' }),
    ];
    portal.tell({ type: 'deployment' });
    expect(await screen.findByText('9.9.9')).toBeInTheDocument();
  });

  it('keeps to the owner of the address', async () => {
    await showOverview(<BoardPage />, portal, {
      address: '/?owner=group:aurora/money',
    });
    expect(await screen.findByText('payments')).toBeInTheDocument();
    expect(screen.queryByText('checkout')).toBeNull();
    expect(screen.getAllByText('Owned by money').length).toBeGreaterThan(0);
  });

  it('leads back from an owner without anything', async () => {
    await showOverview(<BoardPage />, portal, { address: '/?owner=nobody' });
    await screen.findByText('This owner delivers nothing');
    await userEvent.click(screen.getByRole('button', { name: 'All owners' }));
    expect(await screen.findByText('payments')).toBeInTheDocument();
    expect(window.location.search).toBe('');
  });

  it('says why there is nothing', async () => {
    portal.board.items = [];
    await showOverview(<BoardPage />, portal);
    expect(
      await screen.findByText('Nothing is delivered here yet'),
    ).toBeInTheDocument();
  });

  it('says what went wrong, and tries again', async () => {
    portal.refusal = { status: 503, message: 'The database rests' };
    await showOverview(<BoardPage />, portal);
    await screen.findByText(/The database rests/);
    portal.refusal = undefined;
    await userEvent.click(screen.getByText('Try again'));
    expect(await screen.findByText('checkout')).toBeInTheDocument();
    expect(screen.queryByText(/The database rests/)).toBeNull();
  });

  it('tells whoever may not read it whom to ask, without asking the portal', async () => {
    await showOverview(<BoardPage />, portal, { permissions: [] });
    expect(
      await screen.findByText('You have no access to delivery'),
    ).toBeInTheDocument();
    expect(portal.requests).toEqual([]);
  });
});
