import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  createBackendModule,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { databaseServiceFactory } from '@backstage/backend-defaults/database';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { type Entity } from '@backstage/catalog-model';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import {
  type EventsService,
  eventsServiceFactory,
  eventsServiceRef,
} from '@backstage/plugin-events-node';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import gitHostFeatures from '@portico/plugin-git-host-backend';
import {
  type GitHostService,
  gitHostServiceRef,
} from '@portico/plugin-git-host-node';
import {
  tenancyMigrations,
  tenancyServiceFactory,
} from '@portico/plugin-tenancy-backend';
import {
  TENANCY_SOURCES_TOPIC,
  type TenancyService,
  tenancyServiceRef,
} from '@portico/plugin-tenancy-node';
import request from 'supertest';
import catalogModuleTenancy from '.';

const by = pluginAuditContext('test');

jest.setTimeout(60_000);

let database: TestDatabase;
let directory: string;
let backend: Awaited<ReturnType<typeof startTestBackend>>;
let tenancy: TenancyService;
let gitHost: GitHostService;
let events: EventsService;
/** Entities that the catalog refused while processing. */
const processingErrors = new Set<string>();

const services = createBackendPlugin({
  pluginId: 'test',
  register(env) {
    env.registerInit({
      deps: {
        tenancy: tenancyServiceRef,
        gitHost: gitHostServiceRef,
        events: eventsServiceRef,
      },
      async init(deps) {
        ({ tenancy, gitHost, events } = deps);
        await events.subscribe({
          id: 'test',
          topics: ['experimental.catalog.errors'],
          async onEvent({ eventPayload }) {
            processingErrors.add(Object(eventPayload).entity);
          },
        });
      },
    });
  },
});

/** Another provider, as a misconfigured portal might have one. */
const stranger = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'stranger',
  register(env) {
    env.registerInit({
      deps: { catalog: catalogProcessingExtensionPoint },
      async init({ catalog }) {
        const forged = (name: string, annotations: Record<string, string>) => ({
          locationKey: name,
          entity: {
            ...parsedComponent(name),
            metadata: { name, namespace: 'aurora', annotations },
          },
        });
        catalog.addEntityProvider({
          getProviderName: () => 'stranger',
          connect: connection =>
            connection.applyMutation({
              type: 'full',
              entities: [
                forged('of-nobody', {
                  'backstage.io/managed-by-location': 'url:http://x/y',
                  'backstage.io/managed-by-origin-location': 'url:http://x/y',
                }),
                forged('of-another', {
                  'backstage.io/managed-by-location': 'url:http://x/y',
                  'backstage.io/managed-by-origin-location':
                    'portico:borealis/checkout',
                }),
              ],
            }),
        });
      },
    });
  },
});

async function start() {
  backend = await startTestBackend({
    features: [
      mockServices.rootConfig.factory({
        data: {
          ...database.config,
          app: { baseUrl: 'http://localhost:7150' },
          backend: {
            ...Object(database.config.backend),
            baseUrl: 'http://localhost:7150',
          },
          events: { useEventBus: 'never' },
          gitHost: { directory: join(directory, 'repositories') },
          integrations: {
            gitea: [
              {
                host: 'localhost:7150',
                baseUrl: 'http://localhost:7150/api/git-host',
              },
            ],
          },
          catalog: {
            orphanProviderStrategy: 'keep',
            stitchingStrategy: {
              mode: 'deferred',
              pollingInterval: { milliseconds: 50 },
            },
            processorOptions: { PlaceholderProcessor: { disabled: true } },
          },
        },
      }),
      databaseServiceFactory,
      eventsServiceFactory,
      tenancyServiceFactory,
      gitHostFeatures,
      catalogPlugin,
      catalogModuleTenancy,
      stranger,
      services,
    ],
  });
}

beforeAll(async () => {
  database = await TestDatabase.create({
    migrations: [auditMigrations, tenancyMigrations],
    pluginIds: ['catalog', 'git-host', 'test'],
  });
  directory = await mkdtemp(join(tmpdir(), 'portico-catalog-'));
  await database.database.asPlatform('tenants of the test', transaction =>
    transaction.raw(
      `insert into portico_tenancy.tenants (tenant, title)
       values ('aurora', 'Aurora'), ('borealis', 'Borealis')`,
    ),
  );
  await start();
});

afterAll(async () => {
  await backend.stop();
  await database.destroy();
  await rm(directory, { recursive: true, force: true });
});

function parsedComponent(name: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name },
    spec: { type: 'service', lifecycle: 'production', owner: 'team' },
  };
}

function component(name: string, metadata: object = {}): string {
  return `---\n${JSON.stringify({
    ...parsedComponent(name),
    metadata: { name, ...metadata },
  })}\n`;
}

async function push(
  tenant: string,
  repository: string,
  files: Record<string, string>,
): Promise<void> {
  const folder = await mkdtemp(join(directory, 'push-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const existing =
    (await gitHost.get({ tenant, repository })) ??
    (await gitHost.create({ by, tenant, repository, description: '' }));
  await gitHost.commit({
    by,
    tenant,
    repository,
    branch: existing.defaultBranch,
    message: 'Change the catalog file',
    author: { name: 'Kim', email: 'kim@aurora.example' },
    onBehalfOf: `user:${tenant}/kim`,
    directory: folder,
    expectedHead: existing.head,
  });
}

async function register(tenant: string, repository: string): Promise<void> {
  await tenancy.sources.register({
    by,
    tenant,
    name: repository,
    location: {
      kind: 'repository',
      repository,
      branch: 'main',
      path: 'catalog-info.yaml',
    },
    registeredBy: `user:${tenant}/kim`,
  });
  await events.publish({
    topic: TENANCY_SOURCES_TOPIC,
    eventPayload: { kind: 'read', tenant, source: repository },
  });
}

/** Names of a tenant's components in the catalog, as everybody with the right sees them. */
async function components(tenant: string): Promise<string[]> {
  const { body } = await request(backend.server)
    .get('/api/catalog/entities/by-query')
    .query({ filter: `kind=component,metadata.namespace=${tenant}` })
    .expect(200);
  const { items }: { items: Entity[] } = body;
  return items.map(({ metadata }) => metadata.name).sort();
}

async function entity(ref: string): Promise<Entity | undefined> {
  const response = await request(backend.server).get(
    `/api/catalog/entities/by-name/${ref.replace(':', '/')}`,
  );
  return response.status === 200 ? response.body : undefined;
}

/** Waits for what the catalog does in its own time. */
async function eventually<T>(
  read: () => Promise<T>,
  isThere: (value: T) => boolean,
): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const value = await read();
    if (isThere(value)) {
      return value;
    }
    if (Date.now() > deadline) {
      throw new Error(`Not reached; last seen: ${JSON.stringify(value)}`);
    }
    await new Promise(resolve => setTimeout(resolve, 25));
  }
}

const equals =
  (expected: unknown) =>
  (value: unknown): boolean =>
    JSON.stringify(value) === JSON.stringify(expected);

describe('the catalog of two tenants', () => {
  it('shows the same names of each tenant side by side, and follows every push', async () => {
    for (const tenant of ['aurora', 'borealis']) {
      await push(tenant, 'checkout', {
        'catalog-info.yaml': component('checkout', {
          description: `of ${tenant}`,
        }),
      });
      await register(tenant, 'checkout');
    }
    const [aurora, borealis] = await Promise.all(
      ['aurora', 'borealis'].map(tenant =>
        eventually(
          () => entity(`component:${tenant}/checkout`),
          value => value !== undefined,
        ),
      ),
    );
    expect(aurora?.metadata).toMatchObject({
      namespace: 'aurora',
      description: 'of aurora',
      annotations: {
        'backstage.io/managed-by-origin-location': 'portico:aurora/checkout',
        'backstage.io/managed-by-location':
          'url:http://localhost:7150/api/git-host/aurora/checkout/src/branch/main/catalog-info.yaml',
        'backstage.io/source-location':
          'url:http://localhost:7150/api/git-host/aurora/checkout/src/branch/main/',
      },
    });
    expect(aurora?.relations).toEqual([
      { type: 'ownedBy', targetRef: 'group:aurora/team' },
    ]);
    expect(borealis?.metadata.description).toBe('of borealis');

    // a push shows, without anybody asking for it
    await push('aurora', 'checkout', {
      'catalog-info.yaml': component('checkout', {
        description: 'changed',
      }),
    });
    await eventually(
      () => entity('component:aurora/checkout'),
      value => value?.metadata.description === 'changed',
    );
    expect(
      (await entity('component:borealis/checkout'))?.metadata.description,
    ).toBe('of borealis');
  });

  it('takes good documents beside forged and broken ones, and removes what is gone', async () => {
    await push('aurora', 'mixed', {
      'catalog-info.yaml': [
        component('mixed-good'),
        '---\nkind: [\n',
        component('stolen', { namespace: 'borealis' }),
        component('forged', {
          annotations: {
            'backstage.io/managed-by-origin-location':
              'portico:borealis/checkout',
            'backstage.io/managed-by-location':
              'url:http://localhost:7150/api/git-host/borealis/priv/src/branch/main/x.yaml',
          },
        }),
      ].join(''),
    });
    await register('aurora', 'mixed');
    await eventually(
      () => components('aurora'),
      names => names.includes('mixed-good') && names.includes('forged'),
    );
    expect(await components('borealis')).not.toContain('stolen');
    expect(
      (await entity('component:aurora/forged'))?.metadata.annotations,
    ).toMatchObject({
      'backstage.io/managed-by-origin-location': 'portico:aurora/mixed',
      'backstage.io/managed-by-location':
        'url:http://localhost:7150/api/git-host/aurora/mixed/src/branch/main/catalog-info.yaml',
    });
    expect(
      await tenancy.sources.refusals({ tenant: 'aurora', name: 'mixed' }),
    ).toEqual([
      expect.objectContaining({ file: 'catalog-info.yaml', line: 4 }),
      expect.objectContaining({
        line: 6,
        reason: expect.stringContaining('namespace "borealis"'),
      }),
    ]);

    await push('aurora', 'mixed', {
      'catalog-info.yaml': component('mixed-good'),
    });
    await eventually(
      () => components('aurora'),
      names => names.includes('mixed-good') && !names.includes('forged'),
    );
  });

  it('keeps a ref with its first source, and lets the second inherit it', async () => {
    await push('aurora', 'first', {
      'catalog-info.yaml': component('claimed', { title: 'first' }),
    });
    await register('aurora', 'first');
    await eventually(
      () => components('aurora'),
      names => names.includes('claimed'),
    );
    await push('aurora', 'second', {
      'catalog-info.yaml':
        component('claimed', { title: 'second' }) + component('of-second'),
    });
    await register('aurora', 'second');
    await eventually(
      () => components('aurora'),
      names => names.includes('of-second'),
    );
    expect((await entity('component:aurora/claimed'))?.metadata.title).toBe(
      'first',
    );
    expect(
      await tenancy.sources.refusals({ tenant: 'aurora', name: 'second' }),
    ).toEqual([
      expect.objectContaining({
        line: 2,
        entityRef: 'component:aurora/claimed',
      }),
    ]);

    await push('aurora', 'first', { 'catalog-info.yaml': '' });
    await eventually(
      () => entity('component:aurora/claimed'),
      value => value?.metadata.title === 'second',
    );

    const delta = await tenancy.sources.remove({
      by,
      tenant: 'aurora',
      name: 'second',
    });
    await events.publish({
      topic: TENANCY_SOURCES_TOPIC,
      eventPayload: { kind: 'removed', delta },
    });
    await eventually(
      () => components('aurora'),
      names => !names.includes('claimed') && !names.includes('of-second'),
    );
  });

  it('takes a pipeline once its environments are there, whichever comes first, and relates the two', async () => {
    const environment = (protects: boolean) =>
      `---\n${JSON.stringify({
        apiVersion: 'portico/v1',
        kind: 'Environment',
        metadata: { name: 'edge' },
        spec: {
          owner: 'team',
          order: 1,
          tier: 'test',
          protected: protects,
          delivery: { driver: 'git' },
        },
      })}\n`;
    await push('aurora', 'pipelines', {
      'catalog-info.yaml': `---\n${JSON.stringify({
        apiVersion: 'portico/v1',
        kind: 'Pipeline',
        metadata: { name: 'default' },
        spec: {
          owner: 'team',
          stages: [{ environment: 'edge', automatic: true }],
        },
      })}\n`,
    });
    await register('aurora', 'pipelines');
    const refusals = () =>
      tenancy.sources.refusals({ tenant: 'aurora', name: 'pipelines' });
    expect(await eventually(refusals, ({ length }) => length > 0)).toEqual([
      expect.objectContaining({
        entityRef: 'pipeline:aurora/default',
        reason: expect.stringContaining('there is no environment "edge"'),
      }),
    ]);

    await push('aurora', 'environments', {
      'catalog-info.yaml': environment(false),
    });
    await register('aurora', 'environments');
    const found = await eventually(
      () => entity('pipeline:aurora/default'),
      value => (value?.relations ?? []).length === 2,
    );
    expect(found?.relations).toEqual([
      { type: 'dependsOn', targetRef: 'environment:aurora/edge' },
      { type: 'ownedBy', targetRef: 'group:aurora/team' },
    ]);
    expect(await refusals()).toEqual([]);
    await eventually(
      () => entity('environment:aurora/edge'),
      value =>
        value?.relations?.some(
          ({ targetRef }) => targetRef === 'pipeline:aurora/default',
        ) ?? false,
    );

    // what changes there counts here as well
    await push('aurora', 'environments', {
      'catalog-info.yaml': environment(true),
    });
    await eventually(
      refusals,
      ([refusal]) => refusal?.reason.includes('is protected') ?? false,
    );
    await eventually(
      () => entity('pipeline:aurora/default'),
      value => value === undefined,
    );
  });

  it('shows people and groups of the directory', async () => {
    await database.database.inTenant('aurora', async transaction => {
      await transaction.raw(
        `insert into portico_tenancy.groups (tenant, name, display_name, type)
         values ('aurora', 'team', 'Team', 'team')`,
      );
      await transaction.raw(
        `insert into portico_tenancy.members (tenant, name, kind, display_name, roles)
         values ('aurora', 'kim', 'person', 'Kim', '{developer}')`,
      );
      await transaction.raw(
        `insert into portico_tenancy.group_memberships (tenant, member, group_name)
         values ('aurora', 'kim', 'team')`,
      );
    });
    const told = () =>
      events.publish({
        topic: TENANCY_SOURCES_TOPIC,
        eventPayload: { kind: 'directory', tenant: 'aurora' },
      });
    await told();
    const kim = await eventually(
      () => entity('user:aurora/kim'),
      value => (value?.relations ?? []).length > 0,
    );
    expect(kim?.metadata.annotations).toMatchObject({
      'backstage.io/managed-by-origin-location': 'portico:aurora/directory',
    });
    expect(kim?.relations).toEqual([
      { type: 'memberOf', targetRef: 'group:aurora/team' },
    ]);

    await database.database.inTenant('aurora', transaction =>
      transaction.raw(`delete from portico_tenancy.members where name = 'kim'`),
    );
    await told();
    await eventually(
      () => entity('user:aurora/kim'),
      value => value === undefined,
    );
    expect(await entity('group:aurora/team')).toBeDefined();
  });

  it('refuses entities that another provider brings', async () => {
    await eventually(
      async () => processingErrors,
      refs =>
        refs.has('component:aurora/of-nobody') &&
        refs.has('component:aurora/of-another'),
    );
    expect(await entity('component:aurora/of-nobody')).toBeUndefined();
    expect(await entity('component:aurora/of-another')).toBeUndefined();
  });

  it('loses nothing at a start with a source missing, and reads it once it is back', async () => {
    await eventually(
      () => components('aurora'),
      equals(['checkout', 'mixed-good']),
    );
    await backend.stop();
    const repositories = join(directory, 'repositories');
    await rename(repositories, join(directory, 'away'));
    await start();
    await eventually(
      () => tenancy.sources.get({ tenant: 'aurora', name: 'checkout' }),
      source => source?.lastScan?.outcome === 'unreadable',
    );
    expect(await components('aurora')).toEqual(['checkout', 'mixed-good']);
    expect(await components('borealis')).toEqual(['checkout']);

    await backend.stop();
    await rm(repositories, { recursive: true, force: true });
    await rename(join(directory, 'away'), repositories);
    await start();
    await eventually(
      () => tenancy.sources.get({ tenant: 'aurora', name: 'checkout' }),
      source => source?.lastScan?.outcome === 'read',
    );
    await push('borealis', 'checkout', {
      'catalog-info.yaml': component('checkout') + component('after-restart'),
    });
    await eventually(
      () => components('borealis'),
      equals(['after-restart', 'checkout']),
    );
  });
});
