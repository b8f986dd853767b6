import { createFrontendModule } from '@backstage/frontend-plugin-api';
import {
  type ComponentStatus,
  type EnvironmentStatus,
} from '@portico/plugin-local-runtime-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useEffect } from 'react';
import {
  HomePartBlueprint,
  type HomePartProps,
  InboxList,
  InboxPartBlueprint,
  type InboxPartProps,
} from '..';
import {
  component,
  FakePortal,
  group,
  meWith,
} from '../__testUtils__/FakePortal';
import { openHome } from '../__testUtils__/openHome';
import { ReadingProgress } from '../reading/ReadingProgress';
import { VisitStore } from '../visits/VisitStore';

function environment(
  name: string,
  changes: Partial<EnvironmentStatus>,
): EnvironmentStatus {
  return {
    environment: name,
    state: 'running',
    since: '2026-11-21T10:00:00.000Z',
    health: { live: 'passing', ready: 'passing' },
    restarts: 0,
    ...changes,
  };
}

function status(
  name: string,
  environments: EnvironmentStatus[],
): { entityRef: string; status: ComponentStatus } {
  return {
    entityRef: `component:aurora/${name}`,
    status: { tenant: 'aurora', component: name, environments },
  };
}

/** A part of the page by its heading, once it is shown. */
async function part(title: string): Promise<HTMLElement> {
  const heading = await screen.findByText(title, { selector: 'h2' });
  await waitFor(() => expect(heading).toBeVisible());
  const section = heading.closest('section');
  if (!section) {
    throw new Error(`${title} is the heading of no section`);
  }
  return section;
}

let portal: FakePortal;
beforeEach(() => {
  window.localStorage.clear();
  portal = new FakePortal();
  portal.components = [component('cart'), component('shop')];
});

describe('what is owned', () => {
  it('is listed with its environments, what is in trouble first and with its reason', async () => {
    portal.statuses = [
      status('shop', [
        environment('dev', {
          state: 'failed',
          reason: { code: 'portConflict', message: 'Port 8080 is taken.' },
        }),
      ]),
    ];
    openHome(portal);
    const section = await part('What your groups own');
    const rows = within(section).getAllByRole('row').slice(1);
    expect(rows.map(row => row.textContent)).toEqual([
      expect.stringMatching(/^shop.*dev: failedPort 8080 is taken\.$/),
      expect.stringMatching(/^cart.*Not deployed$/),
    ]);
    expect(within(section).getByText('cart')).toHaveAttribute(
      'href',
      '/catalog/aurora/component/cart',
    );
  });

  it('includes what the groups below own', async () => {
    portal.me = { ...meWith('viewer'), groups: ['group:aurora/retail'] };
    portal.groups = [
      group('retail', 'Retail'),
      group('checkout', 'Checkout', 'retail'),
      group('tills', 'Tills', 'checkout'),
      group('warehouse', 'Warehouse'),
    ];
    portal.components = [
      component('till', 'tills'),
      component('shelf', 'warehouse'),
    ];
    openHome(portal);
    const section = await part('What your groups own');
    expect(within(section).getByText('till')).toBeInTheDocument();
    expect(within(section).queryByText('shelf')).not.toBeInTheDocument();
  });

  it('keeps everything else when the runtime does not answer', async () => {
    portal.broken.add('local-runtime/status');
    openHome(portal);
    const section = await part('What your groups own');
    expect(within(section).getByText('cart')).toBeInTheDocument();
    expect(within(section).getByRole('alert')).toHaveTextContent(
      'local-runtime/status is out of order',
    );
  });

  it('has no column and asks for nothing where there is no runtime', async () => {
    openHome(portal, { hasRuntime: false });
    const section = await part('What your groups own');
    expect(within(section).getAllByRole('columnheader')).toHaveLength(2);
    expect(portal.requests.join('\n')).not.toContain('local-runtime');
  });

  it('says so when the catalog does not answer', async () => {
    portal.broken.add('catalog/entities/by-query');
    openHome(portal);
    const section = await part('What your groups own');
    expect(
      await within(section).findByText(
        'What your groups own could not be loaded',
      ),
    ).toBeInTheDocument();
  });
});

it('shows what other plugins bring, for what the groups own', async () => {
  portal.me = { ...meWith('viewer'), groups: ['group:aurora/retail'] };
  portal.groups = [
    group('retail', 'Retail'),
    group('checkout', 'Checkout', 'retail'),
  ];
  function Brought({ owners, onReady }: HomePartProps) {
    useEffect(onReady, [onReady]);
    return <p>Brought for {owners.join(', ')}</p>;
  }
  const module = createFrontendModule({
    pluginId: 'portico-home',
    extensions: [
      HomePartBlueprint.make({
        name: 'brought',
        params: { loader: async () => Brought },
      }),
    ],
  });
  openHome(portal, { features: [module] });
  expect(
    await screen.findByText(
      'Brought for user:aurora/kim, group:aurora/checkout, group:aurora/retail',
    ),
  ).toBeInTheDocument();
  // What comes after it is shown, as it says that it is ready.
  await part('Recently visited');
});

it('asks few questions', async () => {
  openHome(portal, { mayAdminister: false });
  await part('What your groups own');
  const owners = await part('Who owns what');
  await waitFor(() => expect(owners).toHaveTextContent('owns 2'));
  // me, groups, owned, counted, environments, unread, who owns what
  await waitFor(() => expect(portal.requests).toHaveLength(7));
});

describe('what waits', () => {
  it('is collected from all parts', async () => {
    const soon = new Date(Date.now() + 3 * 24 * 3600 * 1000).toISOString();
    portal.refusals = [
      {
        source: 'cart',
        file: 'catalog-info.yaml',
        line: 7,
        reason: 'No owner.',
      },
    ];
    portal.notifications = [
      { id: 'n1', title: 'A build failed', link: '//evil.example' },
    ];
    portal.tokens = [
      {
        tenant: 'aurora',
        id: 't1',
        name: 'ci',
        scopes: ['git:read'],
        createdBy: 'user:aurora/alex',
        createdAt: '2026-11-01T08:00:00.000Z',
        expiresAt: soon,
      },
    ];
    openHome(portal);
    const section = await part('Waits for you');
    await waitFor(() =>
      expect(within(section).getByText(/^ci ends/)).toBeVisible(),
    );
    expect(
      within(section).getByText('cart: catalog-info.yaml, line 7'),
    ).toBeVisible();
    expect(within(section).getByText('No owner.')).toBeVisible();
    // Only links into the portal are followed from here.
    expect(within(section).getByText('A build failed')).not.toHaveAttribute(
      'href',
      '//evil.example',
    );
    expect(section).not.toHaveTextContent('Nothing waits for you');
  });

  it('is nothing only when every part said so', async () => {
    openHome(portal);
    const section = await part('Waits for you');
    expect(
      await within(section).findByText('Nothing waits for you.'),
    ).toBeVisible();
  });

  it('is not called nothing while a part is down', async () => {
    portal.broken.add('notifications/notifications');
    openHome(portal);
    const section = await part('Waits for you');
    await waitFor(() =>
      expect(
        within(section).getByText(/^Unread notifications could not be loaded/),
      ).toBeVisible(),
    );
    expect(section).not.toHaveTextContent('Nothing waits for you');
  });

  it('can come from another plugin', async () => {
    const Promotions = ({ me, onSettled }: InboxPartProps) => {
      useEffect(() => onSettled(1), [onSettled]);
      return (
        <InboxList
          title="Promotions"
          items={[{ id: '1', title: `cart waits for ${me.displayName}` }]}
        />
      );
    };
    openHome(portal, {
      features: [
        createFrontendModule({
          pluginId: 'portico-home',
          extensions: [
            InboxPartBlueprint.make({
              name: 'promotions',
              params: { loader: async () => Promotions },
            }),
          ],
        }),
      ],
    });
    const section = await part('Waits for you');
    await waitFor(() =>
      expect(
        within(section).getByText('cart waits for Kim Nguyen'),
      ).toBeVisible(),
    );
  });
});

describe('what was visited', () => {
  it('is listed as far as it can still be seen, and cleared on demand', async () => {
    const store = VisitStore.of('user:aurora/kim');
    store.add({ page: 'entity', ref: 'component:aurora/gone' });
    store.add({ page: 'repository', ref: 'repository:aurora/cart' });
    store.add({ page: 'entity', ref: 'component:aurora/cart' });
    VisitStore.of('user:aurora/robin').add({
      page: 'entity',
      ref: 'component:aurora/shop',
    });
    openHome(portal);
    const section = await part('Recently visited');
    expect(
      within(section)
        .getAllByRole('listitem')
        .map(item => item.textContent),
    ).toEqual(['cart', 'Repository cart']);
    await userEvent.click(within(section).getByText('Clear'));
    expect(store.list()).toEqual([]);
    expect(within(section).queryByRole('listitem')).not.toBeInTheDocument();
  });
});

describe('the first day', () => {
  it('ticks what was followed, for this person in this tenant', async () => {
    portal.me = meWith('viewer');
    openHome(portal);
    const section = await part('Your first day');
    await userEvent.click(within(section).getByText('Look around the catalog'));
    expect(ReadingProgress.of('user:aurora/kim').read().done).toEqual([
      'page-catalog',
    ]);
    expect(ReadingProgress.of('user:borealis/kim').read().done).toEqual([]);
  });

  it('shows its ticks, and can be put away', async () => {
    ReadingProgress.of('user:aurora/kim').write({
      done: ['page-catalog'],
      hidden: false,
    });
    openHome(portal);
    const section = await part('Your first day');
    expect(within(section).getByText('(done)')).toBeInTheDocument();
    await userEvent.click(within(section).getByText('Hide'));
    expect(screen.queryByText('Your first day')).not.toBeInTheDocument();
    expect(ReadingProgress.of('user:aurora/kim').read().hidden).toBe(true);
  });
});

describe('what a role needs', () => {
  it('is the state of the tenant for its administrator', async () => {
    portal.me = meWith('tenant-admin');
    portal.members = [
      {
        tenant: 'aurora',
        name: 'kim',
        kind: 'person',
        displayName: 'Kim Nguyen',
        roles: [],
        groups: [],
      },
    ];
    portal.sources.aurora = [
      {
        tenant: 'aurora',
        name: 'cart',
        location: {
          kind: 'repository',
          repository: 'cart',
          branch: 'main',
          path: 'catalog-info.yaml',
        },
        createdAt: '2026-11-01T08:00:00.000Z',
        lastScan: {
          at: '2026-11-01T08:00:00.000Z',
          outcome: 'unreadable',
          reason: 'The branch is gone.',
          entities: 0,
          refusals: 0,
        },
      },
    ];
    openHome(portal);
    const section = await part('Your tenant');
    // The part's code arrives after its heading.
    await waitFor(() => expect(section).toHaveTextContent('1 active'));
    expect(section).toHaveTextContent('In no groupKim Nguyen');
    expect(section).toHaveTextContent('1, of which 1 need you');
    expect(section).toHaveTextContent('could not be read: The branch is gone.');
  });

  it('is the health of all tenants for the platform, one failing alone', async () => {
    portal.me = meWith('platform-admin');
    portal.tenants = ['aurora', 'borealis', 'default'].map(id => ({
      id,
      title: `Tenant ${id}`,
      createdAt: '2026-11-01T08:00:00.000Z',
    }));
    portal.broken.add('tenancy/tenants/borealis/sources');
    openHome(portal);
    const section = await part('Tenants');
    expect(
      within(section)
        .getAllByRole('listitem')
        .map(item => item.textContent),
    ).toEqual([
      'Tenant auroraNo source yet',
      expect.stringMatching(/^Tenant borealisSources unknown: .*out of order/),
    ]);
  });

  it('is the evidence for an auditor', async () => {
    portal.me = meWith('auditor');
    portal.chains = [
      {
        chain: 'aurora',
        size: 12,
        oldest: 1,
        waiting: 0,
        checkpoint: {
          chain: 'aurora',
          size: 10,
          note: 'note',
          createdAt: '2026-11-01T08:00:00.000Z',
        },
        anchors: [],
      },
    ];
    openHome(portal);
    const section = await part('Audit evidence');
    await waitFor(() =>
      expect(section).toHaveTextContent('aurora: 12 entries'),
    );
    expect(section).toHaveTextContent('2 not covered yet');
  });

  it('is who owns what for those who look', async () => {
    portal.me = meWith('viewer');
    openHome(portal);
    const section = await part('Who owns what');
    await waitFor(() => expect(section).toHaveTextContent('Checkoutowns 2'));
  });
});
