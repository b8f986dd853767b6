import { type Entity } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import {
  createApiRef,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { renderInTestApp, renderTestApp } from '@backstage/frontend-test-utils';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import {
  catalogApiRef,
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { techdocsApiRef } from '@backstage/plugin-techdocs';
import techdocsPlugin from '@backstage/plugin-techdocs/alpha';
import gitHostPlugin from '@portico/plugin-git-host';
import { configure, screen } from '@testing-library/react';
import { DocsEntityContent } from './DocsEntityContent';
import { DocsReaderPage } from './DocsReaderPage';
import { techdocsModule } from './techdocsModule';

// Pages are loaded when they are opened, which takes its time on a busy machine.
configure({ asyncUtilTimeout: 20_000 });
jest.setTimeout(60_000);

const entity: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    namespace: 'aurora',
    name: 'checkout',
    annotations: {
      'backstage.io/techdocs-ref': 'dir:.',
      'backstage.io/source-location':
        'url:https://git.example/aurora/checkout/src/branch/main/',
    },
  },
  spec: { type: 'service', lifecycle: 'production', owner: 'group:aurora/a' },
};

// The entity below is not in the Git host, so nothing of it is asked.
const gitHostApiRef = createApiRef<object>().with({ id: 'plugin.git-host' });

const FROM_REPOSITORY = 'The documentation has not been published yet';

/** TechDocs that answers with the given status, and a catalog of the given entities. */
function apis(status: number, entities: Entity[] = [entity]) {
  return [
    [
      techdocsApiRef,
      {
        getTechDocsMetadata: async () => {
          if (status === 200) {
            return { site_name: 'checkout', site_description: '' };
          }
          throw await ResponseError.fromResponse(
            new Response('{}', { status }),
          );
        },
        getEntityMetadata: async () => entity,
      },
    ],
    [catalogApiRef, catalogApiMock({ entities })],
    [
      discoveryApiRef,
      { getBaseUrl: async (id: string) => `https://portal.example/api/${id}` },
    ],
    [fetchApiRef, { fetch: async () => new Response('{}', { status: 404 }) }],
  ] as const;
}

function openPage(status: number, entities?: Entity[]) {
  renderInTestApp(<DocsReaderPage built={<p>the stock reader</p>} />, {
    apis: [...apis(status, entities), [gitHostApiRef, {}] as const],
    mountedRoutes: {
      '/docs/:namespace/:kind/:name': techdocsPlugin.routes.docRoot,
      '/catalog/:namespace/:kind/:name': entityRouteRef,
    },
    mountPath: '/docs/:namespace/:kind/:name',
    initialRouteEntries: ['/docs/aurora/component/checkout'],
  });
}

function openContent(status: number, of: Entity = entity, known = [of]) {
  renderInTestApp(
    <EntityProvider entity={of}>
      <DocsEntityContent built={<p>the stock reader</p>} />
    </EntityProvider>,
    { apis: [...apis(status, known), [gitHostApiRef, {}] as const] },
  );
}

describe.each([
  ['page', openPage],
  ['content of an entity', openContent],
])('the documentation %s', (_, open) => {
  it.each([200, 403, 500])('is the stock reader after %s', async status => {
    open(status);
    expect(await screen.findByText('the stock reader')).toBeInTheDocument();
    expect(screen.queryByText(FROM_REPOSITORY)).not.toBeInTheDocument();
  });

  it('comes from the repository where none was built', async () => {
    open(404);
    expect(await screen.findByText(FROM_REPOSITORY)).toBeInTheDocument();
    expect(screen.queryByText('the stock reader')).not.toBeInTheDocument();
  });
});

it('says the same for an entity that is absent and one that may not be read', async () => {
  openPage(404, []);
  expect(await screen.findByRole('heading', { level: 1 })).toHaveTextContent(
    /not found|no such page|nothing here/i,
  );
  expect(screen.queryByText(/checkout/)).not.toBeInTheDocument();
});

it('leaves an entity without documentation to the stock content', async () => {
  const { annotations, ...metadata } = entity.metadata;
  expect(annotations).toBeDefined();
  openContent(404, { ...entity, metadata });
  expect(await screen.findByText('the stock reader')).toBeInTheDocument();
});

it('follows an entity to the one that documents it', async () => {
  openContent(
    404,
    {
      ...entity,
      metadata: {
        namespace: 'aurora',
        name: 'checkout-api',
        annotations: {
          'backstage.io/techdocs-entity': 'component:aurora/checkout',
        },
      },
    },
    [entity],
  );
  expect(await screen.findByText(FROM_REPOSITORY)).toBeInTheDocument();
});

it('replaces the stock page', async () => {
  renderTestApp({
    features: [catalogPlugin, techdocsPlugin, techdocsModule, gitHostPlugin],
    initialRouteEntries: ['/docs/aurora/component/checkout'],
    apis: apis(404),
  });
  expect(await screen.findByText(FROM_REPOSITORY)).toBeInTheDocument();
});
