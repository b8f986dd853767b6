import { createBackend } from '@backstage/backend-defaults';
import {
  type AuthService,
  type BackendFeature,
  coreServices,
  createBackendModule,
  type PermissionsService,
} from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import { type Entity } from '@backstage/catalog-model';
import {
  catalogProcessingExtensionPoint,
  type EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import { type PermissionPolicy } from '@backstage/plugin-permission-node';
import appBackend from '@backstage/plugin-app-backend';
import authBackend from '@backstage/plugin-auth-backend';
import catalogBackend from '@backstage/plugin-catalog-backend';
import notificationsBackend from '@backstage/plugin-notifications-backend';
import permissionBackend from '@backstage/plugin-permission-backend';
import scaffolderModelModule from '@backstage/plugin-catalog-backend-module-scaffolder-entity-model';
import scaffolderBackend from '@backstage/plugin-scaffolder-backend';
import searchBackend from '@backstage/plugin-search-backend';
import searchCatalogModule from '@backstage/plugin-search-backend-module-catalog';
import searchPgModule from '@backstage/plugin-search-backend-module-pg';
import kubernetesBackend from '@backstage/plugin-kubernetes-backend';
import techdocsBackend from '@backstage/plugin-techdocs-backend';
import userSettingsBackend from '@backstage/plugin-user-settings-backend';
import { type JsonObject } from '@backstage/types';
import { TestDatabase } from '@portico/database/testUtils';
import tenantPolicy, {
  tenantPolicyServiceRef,
} from '@portico/plugin-permission-backend-module-tenancy';
import kubernetesTenancy from '@portico/plugin-kubernetes-backend-module-tenancy';
import personas from '@portico/plugin-auth-backend-module-personas';
import apiTryOutBackend from '@portico/plugin-api-try-out-backend';
import auditBackend, { auditMigrations } from '@portico/plugin-audit-backend';
import bindingsBackend, {
  bindingsMigrations,
} from '@portico/plugin-bindings-backend';
import gitHostBackend from '@portico/plugin-git-host-backend';
import localRuntimeBackend from '@portico/plugin-local-runtime-backend';
import operationBackend from '@portico/plugin-operation-backend';
import promotionsBackend, {
  promotionsMigrations,
} from '@portico/plugin-promotions-backend';
import tenancyBackend, {
  tenancyMigrations,
} from '@portico/plugin-tenancy-backend';
import {
  isEntityInNamespace,
  tenancyServiceRef,
  type TenancyService,
} from '@portico/plugin-tenancy-node';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import request from 'supertest';
import { createWalls } from '../createWalls';
import { wallsMigrations } from '../migrations';
import {
  type RecordedResources,
  recordedResourcesServiceRef,
} from '../permissions/RecordedResources';
import { type RouteReport, routeReportServiceRef } from '../routes/RouteReport';
import { type RouteTable } from '../routes/RouteTable';
import { freePort } from './freePort';
import { seedPeople } from './seedPeople';
import { tasksEnd } from './tasksEnd';

/** Root services of the running portal. */
interface PortalServices {
  permissions: PermissionsService;
  auth: AuthService;
  policy: PermissionPolicy;
  recorded: RecordedResources;
  report: RouteReport;
  tenancy: TenancyService;
}

/**
 * A real backend behind the walls: real sign-in, real permissions, real PostgreSQL,
 * plugins that call each other over HTTP. Only the catalog's entities are given by the
 * test.
 */
export class TestPortal {
  static async start(options: {
    table: RouteTable;
    entities?: Entity[];
    features?: BackendFeature[];
    /** Whether acts are chained; they stay in the outbox, to be looked at, where not. */
    chainsActs?: boolean;
    /** Another replica of the same portal, whose database this one shares. */
    replicaOf?: TestPortal;
    /** Keys beside those of the test itself. */
    config?: JsonObject;
  }): Promise<TestPortal> {
    const database = options.replicaOf?.database ?? (await createDatabase());
    const port = await freePort();
    const docsDirectory = await mkdtemp(join(tmpdir(), 'portico-docs-'));
    const gitDirectory = await mkdtemp(join(tmpdir(), 'portico-git-'));
    const captured: { services?: PortalServices } = {};
    const backend = createBackend();
    backend.add(mockServices.rootLogger.factory({ level: 'none' }));
    backend.add(
      mockServices.rootConfig.factory({
        data: {
          ...portalConfig(database.config, port, {
            docs: docsDirectory,
            git: gitDirectory,
          }),
          ...options.config,
        },
      }),
    );
    backend.add(createWalls(options.table));
    for (const feature of [
      tenancyBackend,
      ...(options.chainsActs === false ? [] : [auditBackend]),
      bindingsBackend,
      apiTryOutBackend,
      gitHostBackend,
      localRuntimeBackend,
      promotionsBackend,
      operationBackend,
      kubernetesBackend,
      kubernetesTenancy,
      appBackend,
      authBackend,
      personas,
      permissionBackend,
      tenantPolicy,
      catalogBackend,
      scaffolderModelModule,
      scaffolderBackend,
      techdocsBackend,
      searchBackend,
      searchPgModule,
      searchCatalogModule,
      userSettingsBackend,
      notificationsBackend,
      catalogModuleTest(options.entities ?? [], services => {
        captured.services = services;
      }),
      ...(options.features ?? []),
    ]) {
      backend.add(feature);
    }
    try {
      await backend.start();
    } catch (error) {
      // As text at once: an error that names several plugins shows none of them in a report.
      const reason = inspect(error, { depth: 6 });
      await backend.stop();
      await database.destroy();
      throw new Error(`The portal did not start: ${reason}`);
    }
    const { services } = captured;
    if (!services) {
      throw new Error('The catalog did not start');
    }
    return new TestPortal(
      `http://127.0.0.1:${port}`,
      database,
      services,
      async () => {
        await backend.stop();
        if (!options.replicaOf) {
          await tasksEnd(database.adminConnectionString);
          await database.destroy();
        }
        await rm(docsDirectory, { recursive: true });
        await rm(gitDirectory, { recursive: true });
      },
      docsDirectory,
    );
  }

  private constructor(
    readonly url: string,
    readonly database: TestDatabase,
    readonly services: PortalServices,
    readonly stop: () => Promise<void>,
    readonly docsDirectory: string,
  ) {}

  /** A token of the catalog itself, for requests to another plugin. */
  async serviceToken(targetPluginId: string): Promise<string> {
    const { auth } = this.services;
    const { token } = await auth.getPluginRequestToken({
      // eslint-disable-next-line no-restricted-syntax -- the test shows what services may do
      onBehalfOf: await auth.getOwnServiceCredentials(),
      targetPluginId,
    });
    return token;
  }

  /** Waits until an answer is as it should be; it fails when that takes a minute. */
  async until(isReached: () => Promise<boolean>) {
    const deadline = Date.now() + 60_000;
    while (!(await isReached())) {
      if (Date.now() > deadline) {
        throw new Error('The portal did not get there within a minute');
      }
      await delay(50);
    }
  }

  /** Waits until the catalog has stitched all entities of the test. */
  async waitForEntities(count: number) {
    const catalog = this.as(await this.serviceToken('catalog'));
    await this.until(async () => {
      const { body } = await catalog.get(
        '/api/catalog/entities/by-query?limit=0',
      );
      return body.totalItems === count;
    });
  }

  /** A request without credentials. */
  anonymous() {
    return request(this.url);
  }

  /** Signs a persona in and returns its token. */
  async signIn(userRef: string): Promise<string> {
    const answer = await this.anonymous()
      .get('/api/auth/persona/refresh')
      .set('host', `localhost:${new URL(this.url).port}`)
      .set('x-portico-persona', userRef);
    if (answer.status !== 200) {
      throw new Error(
        `Sign-in of ${userRef} failed: ${answer.status} ${answer.text}`,
      );
    }
    return answer.body.backstageIdentity.token;
  }

  /** Requests with a token. */
  as(token: string) {
    return request.agent(this.url).auth(token, { type: 'bearer' });
  }
}

async function createDatabase(): Promise<TestDatabase> {
  const database = await TestDatabase.create({
    migrations: [
      auditMigrations,
      tenancyMigrations,
      bindingsMigrations,
      wallsMigrations,
      promotionsMigrations,
    ],
  });
  await seedPeople(database.adminConnectionString);
  return database;
}

function portalConfig(
  database: JsonObject,
  port: number,
  directories: { docs: string; git: string },
): JsonObject {
  const { backend, ...others } = database as { backend: JsonObject };
  return {
    ...others,
    app: {
      title: 'Portico',
      baseUrl: `http://localhost:${port}`,
      // A package without a built app: the test must not depend on whether ours is built.
      packageName: '@portico/walls',
    },
    backend: {
      ...backend,
      baseUrl: `http://127.0.0.1:${port}`,
      listen: { host: '127.0.0.1', port },
    },
    auth: {
      environment: 'development',
      providers: { persona: {}, machine: {}, device: {} },
    },
    permission: { enabled: true },
    audit: { signingKeys: [randomBytes(32).toString('base64')] },
    bindings: { sealingKeys: ['a sealing key of the test'], systems: [] },
    kubernetes: {
      serviceLocatorMethod: { type: 'multiTenant' },
      clusterLocatorMethods: [],
    },
    gitHost: { directory: directories.git },
    catalog: {
      stitchingStrategy: {
        mode: 'deferred',
        pollingInterval: { milliseconds: 50 },
      },
    },
    search: {
      collators: {
        catalog: {
          schedule: {
            frequency: { seconds: 2 },
            initialDelay: { seconds: 1 },
            timeout: { minutes: 1 },
          },
        },
      },
    },
    techdocs: {
      builder: 'external',
      publisher: {
        type: 'local',
        local: { publishDirectory: directories.docs },
      },
    },
  };
}

function catalogModuleTest(
  entities: Entity[],
  capture: (services: PortalServices) => void,
) {
  return createBackendModule({
    pluginId: 'catalog',
    moduleId: 'test',
    register(reg) {
      reg.registerInit({
        deps: {
          catalog: catalogProcessingExtensionPoint,
          registry: coreServices.permissionsRegistry,
          permissions: coreServices.permissions,
          auth: coreServices.auth,
          policy: tenantPolicyServiceRef,
          recorded: recordedResourcesServiceRef,
          report: routeReportServiceRef,
          tenancy: tenancyServiceRef,
        },
        async init({ catalog, registry, ...services }) {
          registry.addPermissionRules([isEntityInNamespace]);
          catalog.addEntityProvider({
            getProviderName: () => 'test',
            connect: (connection: EntityProviderConnection) =>
              connection.applyMutation({
                type: 'full',
                entities: entities.map(entity => ({
                  entity,
                  locationKey: 'test',
                })),
              }),
          });
          capture(services);
        },
      });
    },
  });
}
