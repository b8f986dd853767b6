import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type BackstageCredentials,
  coreServices,
  createBackendPlugin,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { type Entity, parseEntityRef } from '@backstage/catalog-model';
import { AuthenticationError } from '@backstage/errors';
import { eventsServiceFactory } from '@backstage/plugin-events-node';
import {
  type CatalogService,
  catalogServiceRef,
} from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import gitHostFeature from '@portico/plugin-git-host-backend';
import {
  type GitHostService,
  gitHostServiceRef,
} from '@portico/plugin-git-host-node';
import {
  type PromotionsService,
  promotionsServiceRef,
} from '@portico/plugin-promotions-node';
import {
  type TenancyService,
  tenancyServiceRef,
  type TenantPrincipal,
} from '@portico/plugin-tenancy-node';
import request from 'supertest';
import localRuntimeFeature from '..';
import { FakeRuntime } from './FakeRuntime';

const by = pluginAuditContext('test');
const author = { name: 'Kim', email: 'kim@aurora.example' };

type Files = Record<string, string>;
type Method = 'get' | 'post';

function userOf(credentials: BackstageCredentials | undefined): string {
  const principal = credentials?.principal as { userEntityRef?: string };
  return principal.userEntityRef ?? '';
}

/** A release as the promotions are told of it. */
export type AnnouncedRelease = Parameters<PromotionsService['announce']>[0] & {
  by: Parameters<PromotionsService['announce']>[1];
};

/** The promotions as far as they are asked: they note what they are told. */
function testPromotions(
  announced: AnnouncedRelease[],
  refusals: ReadonlyMap<string, Error>,
): PromotionsService {
  const unasked = async () => {
    throw new Error('Nobody asks for this');
  };
  return {
    async announce(release, actor) {
      const { content } = release;
      const refusal = refusals.get(content.component);
      if (refusal) {
        throw refusal;
      }
      announced.push({ ...release, by: actor });
      return {
        id: `sha256:${'0'.repeat(64)}`,
        content: { ...content, charts: [] },
        announcedBy: actor.ref,
        announcedAt: '2026-11-21T12:00:00Z',
        found: release.found ?? 'announced',
        sample: false,
      };
    },
    request: unasked,
    get: unasked,
    deployments: unasked,
  };
}

/** The tenancy as far as it is asked: each user stands for the own tenant. */
const testTenancy: Pick<TenancyService, 'principal'> = {
  async principal(credentials): Promise<TenantPrincipal> {
    const userRef = userOf(credentials);
    if (!userRef) {
      throw new AuthenticationError('The session is over');
    }
    return {
      tenant: parseEntityRef(userRef).namespace,
      userRef,
      displayName: userRef,
      kind: 'person',
      roles: ['developer'],
      groups: [],
      scopes: [],
      membershipVersion: 1,
    };
  },
};

/** The catalog as the walls show it: a user reads the own tenant and `default`. */
function tenantCatalog(entities: () => Entity[]): CatalogService {
  const visible = (credentials: BackstageCredentials) => {
    const readable = ['default', parseEntityRef(userOf(credentials)).namespace];
    return catalogServiceMock({
      entities: entities().filter(({ metadata }) =>
        readable.includes(metadata.namespace ?? 'default'),
      ),
    });
  };
  return {
    ...catalogServiceMock(),
    getEntityByRef: (ref, options) =>
      visible(options.credentials).getEntityByRef(ref, options),
    getEntitiesByRefs: (query, options) =>
      visible(options.credentials).getEntitiesByRefs(query, options),
  };
}

/** A backend with the real Git host, and a runtime whose answers a test sets. */
export class RuntimePortal {
  static async start(
    options: { isConfigured?: boolean } = {},
  ): Promise<RuntimePortal> {
    const portal = new RuntimePortal(
      await mkdtemp(join(tmpdir(), 'portico-runtime-')),
      await TestDatabase.create({
        migrations: [auditMigrations],
        pluginIds: [],
      }),
    );
    portal.#isConfigured = options.isConfigured ?? true;
    try {
      await portal.runtime.start();
      await portal.startBackend();
    } catch (error) {
      await portal.stop();
      throw error;
    }
    return portal;
  }

  readonly runtime = new FakeRuntime();
  /** What was announced to the promotions, and by whom. */
  readonly announced: AnnouncedRelease[] = [];
  /** Why the promotions refuse the release of a component. */
  readonly refusals = new Map<string, Error>();
  /** `<permission> of <user>` that is refused. */
  readonly denied = new Set<string>();
  /** What the catalog holds. */
  entities: Entity[] = [];
  #backend: Awaited<ReturnType<typeof startTestBackend>> | undefined;
  #gitHost: GitHostService | undefined;
  #isConfigured = true;

  private constructor(
    readonly directory: string,
    readonly testDatabase: TestDatabase,
  ) {}

  get gitHost(): GitHostService {
    if (!this.#gitHost) {
      throw new Error('The portal is not started');
    }
    return this.#gitHost;
  }

  async stop(): Promise<void> {
    await this.stopBackend();
    await this.runtime.stop();
    await rm(this.directory, { recursive: true, force: true });
    await this.testDatabase.destroy();
  }

  async stopBackend(): Promise<void> {
    await this.#backend?.stop();
    this.#backend = undefined;
  }

  /** Asks a route of the plugin as a user. */
  as(userRef: string, method: Method, path: string, body?: object) {
    if (!this.#backend) {
      throw new Error('The portal is not started');
    }
    return request(this.#backend.server)
      [method](`/api/local-runtime${path}`)
      .set('authorization', mockCredentials.user.header(userRef))
      .send(body);
  }

  /** Makes a repository with one commit. */
  async createRepository(
    tenant: string,
    repository: string,
    files: Files,
  ): Promise<string> {
    await this.gitHost.create({ tenant, repository, description: '', by });
    return this.commit(tenant, repository, files);
  }

  /** Commits files beside those that are there, as a push does. */
  async commit(
    tenant: string,
    repository: string,
    files: Files,
    options: {
      /** A new branch, without what the default branch holds. */
      branch?: string;
    } = {},
  ): Promise<string> {
    const directory = await mkdtemp(join(this.directory, 'work-'));
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), content);
    }
    const found = await this.gitHost.get({ tenant, repository });
    const { commit } = await this.gitHost.commit({
      tenant,
      repository,
      branch: options.branch ?? found?.defaultBranch ?? 'main',
      message: `Change ${Object.keys(files).join(', ')}`,
      author,
      onBehalfOf: `user:${tenant}/kim`,
      by,
      directory,
      overlayPath: '',
      expectedHead: options.branch ? undefined : found?.head,
    });
    return commit;
  }

  async startBackend(): Promise<void> {
    const { portico } = this.testDatabase.config;
    const capture = createBackendPlugin({
      pluginId: 'capture',
      register: registration =>
        registration.registerInit({
          deps: { gitHost: gitHostServiceRef },
          init: async ({ gitHost }) => {
            this.#gitHost = gitHost;
          },
        }),
    });
    this.#backend = await startTestBackend({
      features: [
        eventsServiceFactory,
        gitHostFeature,
        localRuntimeFeature,
        capture,
        createServiceFactory({
          service: promotionsServiceRef,
          deps: {},
          factory: () => testPromotions(this.announced, this.refusals),
        }),
        createServiceFactory({
          service: tenancyServiceRef,
          deps: {},
          factory: () => testTenancy as TenancyService,
        }),
        createServiceFactory({
          service: catalogServiceRef,
          deps: {},
          factory: () => tenantCatalog(() => this.entities),
        }),
        createServiceFactory({
          service: coreServices.permissions,
          deps: {},
          factory: () => ({
            authorize: async (requests, authorizeOptions) =>
              requests.map(({ permission }) => ({
                result: this.denied.has(
                  `${permission.name} of ${userOf(
                    authorizeOptions.credentials,
                  )}`,
                )
                  ? AuthorizeResult.DENY
                  : AuthorizeResult.ALLOW,
              })),
            authorizeConditional: async () => [],
          }),
        }),
        mockServices.rootConfig.factory({
          data: {
            portico,
            app: { baseUrl: 'http://portal.example' },
            backend: { baseUrl: 'http://portal.example' },
            events: { useEventBus: 'never' },
            gitHost: { directory: join(this.directory, 'repositories') },
            ...(this.#isConfigured && {
              localRuntime: {
                url: this.runtime.url,
                token: FakeRuntime.token,
              },
            }),
          },
        }),
      ],
    });
  }
}

/** Waits for what the other side brings about; the bound only ends what hangs. */
export async function eventually(
  condition: () => Promise<boolean> | boolean,
  what = 'It',
): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > end) {
      throw new Error(`${what} did not happen within a minute`);
    }
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}
