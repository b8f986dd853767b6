import { type Entity } from '@backstage/catalog-model';
import { discoveryApiRef, fetchApiRef } from '@backstage/frontend-plugin-api';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { catalogApiRef, EntityProvider } from '@backstage/plugin-catalog-react';
import { type GitHostApi, gitHostApiRef } from '@portico/plugin-git-host';
import {
  type LocalRuntimeApi,
  localRuntimeApiRef,
} from '@portico/plugin-local-runtime';
import {
  type Board,
  boardSchema,
  type BoardRow,
} from '@portico/plugin-promotions-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { entity, FakeCatalog } from '../__testUtils__/FakeCatalog';
import { EntityOverview } from './EntityOverview';

const unused = async (): Promise<never> => {
  throw new Error('not asked for');
};

/** A Git host whose only repository is Aurora's "cart". */
const gitHost: GitHostApi = {
  list: unused,
  get: unused,
  tree: unused,
  file: async ({ repository, path }) => {
    if (repository !== 'cart' || path !== 'README.md') {
      throw new Error('no such file');
    }
    const content = '# cart\n\nKeeps what people want to buy.\n';
    return { path, size: content.length, encoding: 'utf-8', content };
  },
  lastCommit: async () => ({
    id: 'a'.repeat(40),
    authorName: 'Kim Nguyen',
    authorEmail: 'kim@aurora.invalid',
    committedAt: '2026-11-20T10:00:00Z',
    subject: 'Sell more',
    trailers: {},
  }),
};

const inGit = {
  'backstage.io/source-location':
    'url:http://portal/api/git-host/aurora/cart/src/branch/main/',
  'backstage.io/techdocs-ref': 'dir:.',
};

const team = entity(
  'Group',
  'checkout',
  {},
  {
    spec: { profile: { displayName: 'Checkout' } },
  },
);

function open(
  of: Entity,
  catalog: FakeCatalog,
  cards: { type?: 'info' | 'content'; element: JSX.Element }[] = [],
  statusOf?: LocalRuntimeApi['statusOf'],
  board: Board | number = 404,
) {
  const asked: string[] = [];
  renderInTestApp(
    <EntityProvider entity={of}>
      <EntityOverview cards={cards} />
    </EntityProvider>,
    {
      apis: [
        [catalogApiRef, catalog.client],
        [gitHostApiRef, gitHost],
        [
          localRuntimeApiRef,
          { isConfigured: statusOf !== undefined, statusOf },
        ],
        [
          fetchApiRef,
          {
            fetch: async (input: RequestInfo | URL) => {
              asked.push(decodeURIComponent(String(input)));
              return typeof board === 'number'
                ? Response.json(
                    { error: { name: 'Error', message: 'It rests.' } },
                    { status: board },
                  )
                : Response.json(boardSchema.parse(board));
            },
          },
        ],
        [
          discoveryApiRef,
          { getBaseUrl: async (id: string) => `http://portal/api/${id}` },
        ],
      ],
    },
  );
  return { asked };
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

const cart = entity(
  'Component',
  'cart',
  {
    ownedBy: ['group:checkout'],
    providesApi: ['api:cart-api'],
    consumesApi: ['api:stock-api'],
    dependsOn: ['resource:cart-db'],
  },
  { description: 'The cart.', tags: ['typescript'], annotations: inGit },
);
const cartApi = entity('API', 'cart-api', {
  apiProvidedBy: ['component:cart'],
  apiConsumedBy: ['component:shop', 'component:till'],
  ownedBy: ['group:checkout'],
});
const stockApi = entity('API', 'stock-api', {});
const database = entity('Resource', 'cart-db', {
  dependencyOf: ['component:cart'],
  dependsOn: ['resource:cluster'],
});

describe('a component', () => {
  it('is read from the top down, with one request for its neighbours', async () => {
    const catalog = new FakeCatalog([team, cart, cartApi, stockApi, database]);
    open(cart, catalog, [
      { type: 'info', element: <p>a lesser card</p> },
      { type: 'content', element: <p>the environments</p> },
    ]);
    const about = await part('About');
    expect(about).toHaveTextContent('The cart.');
    expect(
      await within(about).findByText('Keeps what people want to buy.'),
    ).toBeInTheDocument();
    expect(about).toHaveTextContent('OwnerCheckout');
    expect(
      within(about).getByText(/Sell more \(Kim Nguyen\)/),
    ).toHaveTextContent(/Nov 20, 2026, .* (UTC|GMT|[A-Z]{2,5})/);
    const apis = await part('APIs');
    expect(apis).toHaveTextContent(/Providescart-api.*Used by 2/);
    expect(apis).toHaveTextContent(/Usesstock-api/);
    await part('Dependencies');
    const order = [
      'About',
      'the environments',
      'APIs',
      'Dependencies',
      'a lesser card',
    ];
    const text = document.body.textContent ?? '';
    const places = order.map(each => text.indexOf(each));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(catalog.batches).toHaveLength(1);
  });

  it('says in one sentence what it lacks and what to do', async () => {
    const bare = entity('Component', 'bare');
    open(bare, new FakeCatalog([bare]));
    expect(await part('About')).toHaveTextContent(
      'add metadata.description to its catalog file',
    );
    expect(await part('APIs')).toHaveTextContent('spec.providesApis');
    expect(await part('Dependencies')).toHaveTextContent('spec.dependsOn');
    expect(screen.queryByText('Links')).not.toBeInTheDocument();
  });

  it('warns of what is wrong with it', async () => {
    const troubled: Entity = Object.assign(
      entity(
        'Component',
        'cart',
        { dependsOn: ['component:gone'] },
        { annotations: { 'backstage.io/orphan': 'true' } },
      ),
      {
        status: {
          items: [
            { type: 'x', level: 'error', message: 'The owner is no group.' },
          ],
        },
      },
    );
    open(troubled, new FakeCatalog([]));
    expect(
      await screen.findByText(/register what is missing: component:gone/),
    ).toBeInTheDocument();
    expect(
      screen.getByText('Nothing keeps this entity any more'),
    ).toBeInTheDocument();
    expect(screen.getByText('The owner is no group.')).toBeInTheDocument();
  });

  it('shows only links that a browser should follow', async () => {
    const linked = entity(
      'Component',
      'cart',
      {},
      {
        links: [
          { url: 'https://grafana.example/d/cart', title: 'Dashboard' },
          // eslint-disable-next-line no-script-url -- what must not be followed
          { url: 'javascript:alert(1)', title: 'Bad' },
        ],
      },
    );
    open(linked, new FakeCatalog([]));
    const links = await part('Links');
    expect(within(links).getByText('Dashboard')).toBeInTheDocument();
    expect(links).not.toHaveTextContent('Bad');
  });

  it('is shown when the catalog does not answer for its neighbours', async () => {
    const catalog = new FakeCatalog([]);
    catalog.isBroken = true;
    open(cart, catalog);
    expect(await part('About')).toHaveTextContent('Ownercheckout');
    expect(screen.getAllByText(/the catalog is out of order/)).not.toEqual([]);
  });
});

describe('the parts of a system', () => {
  const system = entity('System', 'selling', { hasPart: ['component:cart'] });

  it('say what runs where, asked for in one request', async () => {
    const asked: (readonly string[])[] = [];
    open(system, new FakeCatalog([cart]), [], async refs => {
      asked.push(refs);
      return [
        {
          entityRef: 'component:aurora/cart',
          status: {
            tenant: 'aurora',
            component: 'cart',
            environments: [
              {
                environment: 'dev',
                state: 'crashing',
                since: '2026-11-21T10:00:00.000Z',
                reason: { code: 'exited', message: 'It ended with code 1.' },
                health: { live: 'failing', ready: 'failing' },
                restarts: 3,
              },
            ],
          },
        },
      ];
    });
    const parts = await part('What belongs to it');
    expect(await within(parts).findByText(/dev: crashing/)).toHaveTextContent(
      'It ended with code 1.',
    );
    expect(asked).toEqual([['component:aurora/cart']]);
  });

  it('stay when the runtime does not answer', async () => {
    open(system, new FakeCatalog([cart]), [], async () => {
      throw new Error('nobody is there');
    });
    const parts = await part('What belongs to it');
    expect(await within(parts).findByRole('alert')).toHaveTextContent(
      'nobody is there',
    );
    expect(within(parts).getByText('cart')).toBeInTheDocument();
  });
});

describe('the list of dependencies', () => {
  it('opens what is asked for with one request, by keyboard too', async () => {
    const cluster = entity('Resource', 'cluster', {
      dependencyOf: ['resource:cart-db'],
    });
    const catalog = new FakeCatalog([
      team,
      cart,
      cartApi,
      stockApi,
      database,
      cluster,
    ]);
    open(cart, catalog);
    const section = await part('Dependencies');
    await userEvent.click(within(section).getByText('List'));
    expect(within(section).getByText('cart-db')).toBeInTheDocument();
    expect(section).toHaveTextContent(
      /Needed bycart-api|cart-api.*API that it provides/,
    );
    const toggle = within(section).getByLabelText(
      '+ Show what cart-db is related to',
    );
    expect(toggle).toHaveAttribute('aria-expanded', 'false');
    toggle.focus();
    await userEvent.keyboard('{Enter}');
    expect(await within(section).findByText('cluster')).toBeInTheDocument();
    expect(catalog.batches.slice(1)).toEqual([['resource:aurora/cluster']]);
    await userEvent.click(
      within(section).getByLabelText('− Hide what cart-db is related to'),
    );
    expect(within(section).queryByText('cluster')).not.toBeInTheDocument();
  });

  it('says when neighbours cannot be loaded, and tries again', async () => {
    const catalog = new FakeCatalog([team, cart, cartApi, stockApi, database]);
    open(cart, catalog);
    const section = await part('Dependencies');
    await userEvent.click(within(section).getByText('List'));
    catalog.isBroken = true;
    await userEvent.click(
      within(section).getByLabelText('+ Show what cart-db is related to'),
    );
    expect(
      await within(section).findByText('The neighbours could not be loaded'),
    ).toBeInTheDocument();
    catalog.isBroken = false;
    await userEvent.click(within(section).getByText('Try again'));
    expect(
      await within(section).findByLabelText(
        '− Hide what cart-db is related to',
      ),
    ).toBeInTheDocument();
  });
});

it('tells whom to ask before an API is changed', async () => {
  const shop = entity('Component', 'shop', { ownedBy: ['group:web'] });
  open(cartApi, new FakeCatalog([team, cart, cartApi, shop]));
  const consumers = await part('Used by');
  expect(within(consumers).getByText('shop')).toBeInTheDocument();
  const section = await part('Who is affected by a change');
  await userEvent.click(
    within(section).getByText(/^Show who is affected by a change/),
  );
  expect(
    await within(section).findByText(/^2 are affected, 2 of them directly/),
  ).toBeInTheDocument();
  expect(section).toHaveTextContent('Owners to tellweb (1)');
});

it('shows what belongs to a system, and whose it is', async () => {
  const system = entity('System', 'selling', {
    hasPart: ['api:cart-api', 'component:cart'],
  });
  open(system, new FakeCatalog([cart, cartApi, team]));
  const parts = await part('What belongs to it');
  expect(
    within(parts)
      .getAllByRole('listitem')
      .map(item => item.textContent),
  ).toEqual([
    expect.stringMatching(/^cartComponent, serviceThe cart\.checkout$/),
    expect.stringMatching(/^cart-apiAPI/),
  ]);
});

it('shows who is in a group and what it owns', async () => {
  const kim = entity(
    'User',
    'kim',
    {},
    {
      spec: { profile: { displayName: 'Kim Nguyen' } },
    },
  );
  const group = entity('Group', 'checkout', {
    hasMember: ['user:kim'],
    childOf: ['group:retail'],
    ownerOf: ['api:cart-api', 'component:cart'],
  });
  open(group, new FakeCatalog([kim, cart, cartApi, entity('Group', 'retail')]));
  expect(await part('People')).toHaveTextContent('Kim NguyenBelongs toretail');
  const owned = await part('What it owns');
  expect(
    within(owned)
      .getAllByRole('listitem')
      .map(item => item.querySelector('a')?.textContent),
  ).toEqual(['cart', 'cart-api']);
  expect(screen.queryByText('Dependencies')).not.toBeInTheDocument();
});

describe('what runs where', () => {
  const system = entity('System', 'selling', {
    hasPart: ['component:cart', 'component:shop'],
  });
  const shop = entity('Component', 'shop');
  const row: BoardRow = {
    component: 'component:aurora/cart',
    cells: [
      {
        environment: 'dev',
        version: '1.4.2',
        deployedAt: '2026-11-20T10:00:00Z',
        behind: 0,
        health: 'healthy',
        observed: {
          source: 'Argo CD main',
          reason: 'Synced',
          observedAt: '2026-11-20T11:00:00Z',
        },
        drift: 0,
        held: false,
      },
      {
        environment: 'staging',
        version: '1.4.1',
        deployedAt: '2026-11-19T10:00:00Z',
        behind: 1,
        health: 'degraded',
        observed: {
          source: 'Argo CD main',
          reason: 'One of two pods restarts',
          observedAt: '2026-11-20T11:00:00Z',
        },
        drift: 0,
        held: false,
      },
      {
        environment: 'prod',
        behind: 0,
        sampleOnly: true,
        health: 'unknown',
        drift: 0,
        held: false,
      },
    ],
  };
  const board: Board = {
    environments: ['dev', 'staging', 'prod'],
    items: [row],
  };
  const statusOf: LocalRuntimeApi['statusOf'] = async refs =>
    refs.map(entityRef => ({
      entityRef,
      status: {
        tenant: 'aurora',
        component: 'shop',
        environments: [
          {
            environment: 'dev',
            state: 'failed',
            since: '2026-11-20T10:00:00Z',
            health: { live: 'unknown', ready: 'unknown' },
            restarts: 0,
            reason: { code: 'portConflict', message: 'Port 8080 is taken.' },
          },
        ],
      },
    }));

  it('is told by promotions, and by the local runtime of what they brought nowhere', async () => {
    const { asked } = open(
      system,
      new FakeCatalog([cart, shop]),
      [],
      statusOf,
      board,
    );
    const parts = await part('What belongs to it');
    expect(await within(parts).findByText('dev 1.4.2: healthy')).toBeVisible();
    expect(parts).toHaveTextContent(
      /staging 1\.4\.1: degradedOne of two pods restarts/,
    );
    expect(parts).toHaveTextContent(
      /prod: only sample deployments of the demo/,
    );
    expect(parts).toHaveTextContent(/dev: failedPort 8080 is taken\./);
    expect(parts).toHaveTextContent(/told by: Argo CD main, local runtime\.$/);
    expect(asked).toEqual([
      'plugin://promotions/board?limit=50&component=component:aurora/cart&component=component:aurora/shop',
    ]);
  });

  it('is told by the local runtime alone to who may not read deliveries', async () => {
    open(system, new FakeCatalog([cart, shop]), [], statusOf, 403);
    const parts = await part('What belongs to it');
    expect(await within(parts).findAllByText('dev: failed')).toHaveLength(2);
    expect(parts).toHaveTextContent(/told by: local runtime\.$/);
  });

  it('is on the page of a component where no local runtime tells it', async () => {
    open(cart, new FakeCatalog([cart]), [], undefined, board);
    const section = await part('What runs where');
    expect(
      await within(section).findByText('dev 1.4.2: healthy'),
    ).toBeVisible();
    expect(within(section).getAllByText(/2026/)).toHaveLength(2);
    expect(
      within(section).getByText('Releases and promotions').closest('a'),
    ).toHaveAttribute('href', expect.stringMatching(/\/delivery$/));
    expect(section).toHaveTextContent(/told by: Argo CD main\.$/);
  });

  it('says what to do where nothing was deployed', async () => {
    open(cart, new FakeCatalog([cart]), [], undefined, { ...board, items: [] });
    expect(
      await within(await part('What runs where')).findByText(
        /^Nothing was deployed yet/,
      ),
    ).toBeVisible();
  });

  it('says why it is not known', async () => {
    open(cart, new FakeCatalog([cart]), [], undefined, 503);
    expect(
      await within(await part('What runs where')).findByText(
        /could not be loaded: .*It rests/,
      ),
    ).toBeVisible();
  });

  it('is left to the card of the local runtime where there is one', async () => {
    const { asked } = open(cart, new FakeCatalog([cart]), [], statusOf, board);
    await part('About');
    expect(screen.queryByText('What runs where')).not.toBeInTheDocument();
    expect(asked).toEqual([]);
  });
});
