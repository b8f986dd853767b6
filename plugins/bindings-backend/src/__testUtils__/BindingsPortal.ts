import { httpAuthServiceFactory } from '@backstage/backend-defaults/httpAuth';
import {
  type AuthService,
  type BackstageCredentials,
  coreServices,
  createBackendPlugin,
  createServiceFactory,
  type PermissionsService,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { type Entity, parseEntityRef } from '@backstage/catalog-model';
import { AuthenticationError, NotImplementedError } from '@backstage/errors';
import {
  type CatalogService,
  catalogServiceRef,
} from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { type JsonObject } from '@backstage/types';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import {
  type BindingsService,
  bindingsServiceRef,
} from '@portico/plugin-bindings-node';
import tenancyFeature, {
  createTenancyService,
  tenancyMigrations,
} from '@portico/plugin-tenancy-backend';
import request from 'supertest';
import { z } from 'zod';
import bindingsFeature, { bindingsMigrations } from '..';

/** The platform's administrator. */
export const pat = 'user:default/pat';
/** Administrators of three tenants; the second looks like the first. */
export const kim = 'user:aurora/kim';
export const twin = 'user:aurora-two/twin';
export const lena = 'user:borealis/lena';

export const migrations = [
  auditMigrations,
  tenancyMigrations,
  bindingsMigrations,
];

export const systems = [
  { name: 'prod-eu', kind: 'kubernetes', url: 'https://k8s.example.org:6443' },
  { name: 'prod-us', kind: 'kubernetes', url: 'https://k8s-us.example.org' },
  {
    name: 'argo',
    kind: 'argocd',
    title: 'Argo CD',
    url: 'https://argo.example.org',
    readToken: 'read-token-of-the-platform',
  },
  { name: 'github', kind: 'git', url: 'https://github.com' },
  { name: 'grafana', kind: 'grafana', url: 'https://grafana.example.org' },
  { name: 'jira', kind: 'jira', url: 'https://jira.example.org' },
  { name: 'sentry', kind: 'sentry', url: 'https://sentry.example.org' },
  { name: 'sonar', kind: 'sonarqube', url: 'https://sonar.example.org' },
  { name: 'apis', kind: 'api', url: 'https://api.example.org' },
];

type Method = 'get' | 'put' | 'post' | 'delete';

/** Takes tokens of the right form for verified: signatures are not what is tested. */
const testAuth: AuthService = {
  ...mockServices.auth(),
  isPrincipal: mockServices.auth().isPrincipal,
  getNoneCredentials: () => mockServices.auth().getNoneCredentials(),
  async authenticate(token) {
    const [, payload] = token.split('.');
    if (!payload) {
      throw new AuthenticationError('Not a token');
    }
    const { sub } = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return userCredentials(sub, token);
  },
};

function userCredentials(userRef: string, token: string) {
  return {
    $$type: '@backstage/BackstageCredentials' as const,
    principal: { type: 'user' as const, userEntityRef: userRef },
    token,
  };
}

const userPrincipalSchema = z.object({
  type: z.literal('user'),
  userEntityRef: z.string(),
});

/** The catalog as the walls show it: a user reads the own tenant and `default`. */
function tenantCatalog(entities: () => Entity[]): CatalogService {
  const visible = (credentials: BackstageCredentials) => {
    const user = userPrincipalSchema.safeParse(credentials.principal);
    const readable = user.success
      ? ['default', parseEntityRef(user.data.userEntityRef).namespace]
      : undefined;
    return catalogServiceMock({
      entities: entities().filter(
        ({ metadata }) =>
          !readable || readable.includes(metadata.namespace ?? 'default'),
      ),
    });
  };
  return {
    ...catalogServiceMock(),
    getEntityByRef: (ref, options) =>
      visible(options.credentials).getEntityByRef(ref, options),
    queryEntities: (query, options) =>
      visible(options.credentials).queryEntities(query, options),
  };
}

/** A backend with the bindings on a database of their own, reached over HTTP. */
export class BindingsPortal {
  static async start(
    options: { sealingKeys?: string[]; testDatabase?: TestDatabase } = {},
  ): Promise<BindingsPortal> {
    const testDatabase =
      options.testDatabase ?? (await TestDatabase.create({ migrations }));
    const portal = new BindingsPortal(testDatabase);
    try {
      await portal.#start(options.sealingKeys ?? ['a sealing key']);
    } catch (error) {
      await portal.stop();
      throw error;
    }
    return portal;
  }

  /** Names of permissions that nobody holds; all others everybody does. */
  readonly denied = new Set<string>();
  /** What the catalog holds. */
  entities: Entity[] = [];
  #backend: Awaited<ReturnType<typeof startTestBackend>> | undefined;
  #bindings: BindingsService | undefined;
  #issuedAt = Math.floor(Date.now() / 1000) - 100_000;

  private constructor(readonly testDatabase: TestDatabase) {}

  /** Stops the backend; the database stays for another one. */
  async stopBackend(): Promise<void> {
    await this.#backend?.stop();
    this.#backend = undefined;
  }

  async stop(): Promise<void> {
    await this.stopBackend();
    await this.testDatabase.destroy();
  }

  /** The service as another plugin has it. */
  get bindings(): BindingsService {
    if (!this.#bindings) {
      throw new Error('The portal is not started');
    }
    return this.#bindings;
  }

  /** Credentials of a user in a new session. */
  async credentialsOf(userRef: string): Promise<BackstageCredentials> {
    return userCredentials(userRef, await this.#signIn(userRef));
  }

  /** Asks without signing in. */
  anonymous(method: Method, path: string) {
    if (!this.#backend) {
      throw new Error('The portal is not started');
    }
    return request(this.#backend.server)[method](path);
  }

  /** Asks as a user, in a new session. */
  async as(userRef: string, method: Method, path: string, body?: object) {
    return this.anonymous(method, `/api/bindings${path}`)
      .set('authorization', `Bearer ${await this.#signIn(userRef)}`)
      .send(body);
  }

  /** Makes the three tenants with an administrator each. */
  async createTenants(): Promise<void> {
    for (const userRef of [kim, twin, lena]) {
      const { namespace: id, name } = parseEntityRef(userRef);
      await this.#mustSucceed('post', '/tenants', { id, title: id });
      await this.#mustSucceed('put', `/tenants/${id}/members/${name}`, {
        displayName: name,
        roles: ['tenant-admin'],
      });
    }
  }

  /** Grants a thing as the platform. */
  async grant(tenant: string, grant: object): Promise<string> {
    const answer = await this.as(
      pat,
      'post',
      `/tenants/${tenant}/grants`,
      grant,
    );
    if (answer.status !== 201) {
      throw new Error(`Not granted: ${answer.text}`);
    }
    return answer.body.id;
  }

  /** Everything that the bindings wrote, as text. */
  async dump(): Promise<string> {
    const { rows } = await this.testDatabase.database.asPlatform(
      'look at everything',
      transaction =>
        transaction.raw(
          `select encode(sealed, 'escape') || row_to_json(c)::text as text
             from portico_bindings.credentials c
           union all select row_to_json(g)::text from portico_bindings.grants g
           union all select draft::text from portico_audit.outbox
              where draft->>'act' like 'bindings.%'`,
        ),
    );
    return JSON.stringify(rows);
  }

  /** The recorded acts of one chain, oldest first. */
  async recorded(chain: string): Promise<JsonObject[]> {
    const { rows } = await this.testDatabase.database.asPlatform(
      'look at what was recorded',
      transaction =>
        transaction.raw(
          'select draft from portico_audit.outbox where chain = ? order by position',
          [chain],
        ),
    );
    return rows.map(({ draft }: { draft: JsonObject }) => draft);
  }

  async #mustSucceed(method: Method, path: string, body: object) {
    const answer = await this.anonymous(method, `/api/tenancy${path}`)
      .set('authorization', `Bearer ${await this.#signIn(pat)}`)
      .send(body);
    if (answer.status >= 300) {
      throw new Error(`${method} ${path}: ${answer.text}`);
    }
  }

  async #signIn(userRef: string): Promise<string> {
    this.#issuedAt += 1;
    const issuedAt = this.#issuedAt;
    const tenancy = createTenancyService(this.testDatabase);
    await tenancy.sessions.start({
      userRef,
      issuedAt,
      expiresAt: Math.floor(Date.now() / 1000) + 3600,
      method: 'persona',
      by: pluginAuditContext('test'),
    });
    const claims = JSON.stringify({ sub: userRef, iat: issuedAt });
    return `e30.${Buffer.from(claims).toString('base64url')}.signature`;
  }

  async #start(sealingKeys: string[]): Promise<void> {
    const { backend: backendConfig, ...others } = this.testDatabase.config;
    // Allows everything, so that only what the routes check themselves holds.
    const permissions: PermissionsService = {
      authorize: async requests =>
        requests.map(({ permission }) => ({
          result: this.denied.has(permission.name)
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
        })),
      authorizeConditional: async () => {
        throw new NotImplementedError('There is no conditional permission');
      },
    };
    const consumer = createBackendPlugin({
      pluginId: 'consumer',
      register: registration =>
        registration.registerInit({
          deps: { bindings: bindingsServiceRef },
          init: async ({ bindings }) => {
            this.#bindings = bindings;
          },
        }),
    });
    this.#backend = await startTestBackend({
      features: [
        bindingsFeature,
        tenancyFeature,
        consumer,
        httpAuthServiceFactory,
        createServiceFactory({
          service: coreServices.auth,
          deps: {},
          factory: () => testAuth,
        }),
        createServiceFactory({
          service: coreServices.permissions,
          deps: {},
          factory: () => permissions,
        }),
        createServiceFactory({
          service: catalogServiceRef,
          deps: {},
          factory: () => tenantCatalog(() => this.entities),
        }),
        mockServices.rootConfig.factory({
          data: {
            ...others,
            bindings: { sealingKeys, systems },
            app: { baseUrl: 'http://localhost:7007' },
            auth: { environment: 'development', providers: { persona: {} } },
            backend: {
              ...(backendConfig as JsonObject),
              baseUrl: 'http://localhost:7007',
              listen: { host: 'localhost', port: 7007 },
              auth: { keys: [{ secret: 'a secret for tests' }] },
            },
          },
        }),
      ],
    });
  }
}
