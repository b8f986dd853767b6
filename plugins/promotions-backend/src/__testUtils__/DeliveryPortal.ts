import { httpAuthServiceFactory } from '@backstage/backend-defaults/httpAuth';
import {
  type AuthService,
  type BackstageCredentials,
  coreServices,
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
import tenancyFeature, {
  createTenancyService,
  tenancyMigrations,
} from '@portico/plugin-tenancy-backend';
import { type AddressInfo } from 'net';
import request from 'supertest';
import { z } from 'zod';
import { promotionsMigrations } from '../migrations';
import {
  type DeliveryParts,
  deliveryPlugin,
} from '../testUtils/deliveryPlugin';
import { entities } from '../testUtils/deliverySamples';

/** The platform's administrator. */
export const pat = 'user:default/pat';
/** People of a tenant: who administers, approves, develops and looks on. */
export const kim = 'user:aurora/kim';
export const robin = 'user:aurora/robin';
export const dana = 'user:aurora/dana';
export const vera = 'user:aurora/vera';
/** Administrators of two other tenants; the first looks like it. */
export const twin = 'user:aurora-two/twin';
export const lena = 'user:borealis/lena';

const people: Record<string, string[]> = {
  [kim]: ['tenant-admin'],
  [robin]: ['approver'],
  [dana]: ['developer'],
  [vera]: ['viewer'],
  [twin]: ['tenant-admin'],
  [lena]: ['tenant-admin'],
};

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
    return {
      $$type: '@backstage/BackstageCredentials' as const,
      principal: { type: 'user' as const, userEntityRef: sub },
      token,
    };
  },
};

const userPrincipalSchema = z.object({
  type: z.literal('user'),
  userEntityRef: z.string(),
});

/** The catalog as the walls show it: a user reads the own tenant and `default`. */
function tenantCatalog(all: () => Entity[]): CatalogService {
  const visible = (credentials: BackstageCredentials) => {
    const user = userPrincipalSchema.parse(credentials.principal);
    const readable = ['default', parseEntityRef(user.userEntityRef).namespace];
    return catalogServiceMock({
      entities: all().filter(({ metadata }) =>
        readable.includes(metadata.namespace ?? 'default'),
      ),
    });
  };
  return {
    ...catalogServiceMock(),
    getEntitiesByRefs: (query, options) =>
      visible(options.credentials).getEntitiesByRefs(query, options),
    queryEntities: (query, options) =>
      visible(options.credentials).queryEntities(query, options),
  };
}

/** The API of delivery on a database of its own, reached over HTTP. */
export class DeliveryPortal {
  static async start(parts: DeliveryParts): Promise<DeliveryPortal> {
    const testDatabase = await TestDatabase.create({
      migrations: [auditMigrations, tenancyMigrations, promotionsMigrations],
    });
    const portal = new DeliveryPortal(testDatabase);
    try {
      await portal.#start(parts);
      await portal.#createTenants();
    } catch (error) {
      await portal.stop();
      throw error;
    }
    return portal;
  }

  /** What the catalog holds. */
  readonly entities: Entity[] = [...entities];
  /** Names of permissions that nobody holds; all others everybody does. */
  readonly denied = new Set<string>();
  #backend: Awaited<ReturnType<typeof startTestBackend>> | undefined;
  #issuedAt = Math.floor(Date.now() / 1000) - 100_000;

  private constructor(readonly testDatabase: TestDatabase) {}

  async stop(): Promise<void> {
    await this.#backend?.stop();
    await this.testDatabase.destroy();
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get #server() {
    if (!this.#backend) {
      throw new Error('The portal is not started');
    }
    return this.#backend.server;
  }

  /** Asks without signing in. */
  anonymous(method: Method, path: string) {
    return request(this.#server)[method](`/api/promotions${path}`);
  }

  /** Asks as a user, in a new session. */
  async as(userRef: string, method: Method, path: string, body?: object) {
    return this.anonymous(method, path)
      .set('authorization', `Bearer ${await this.signIn(userRef)}`)
      .send(body);
  }

  /** A token of a new session. */
  async signIn(
    userRef: string,
    more: { authenticatedAt?: number } = {},
  ): Promise<string> {
    this.#issuedAt += 1;
    const issuedAt = this.#issuedAt;
    await createTenancyService(this.testDatabase).sessions.start({
      userRef,
      issuedAt,
      expiresAt: Math.floor(Date.now() / 1000) + 3600,
      method: 'persona',
      ...more,
      by: pluginAuditContext('test'),
    });
    const claims = JSON.stringify({ sub: userRef, iat: issuedAt });
    return `e30.${Buffer.from(claims).toString('base64url')}.signature`;
  }

  /** Makes a machine with a token. @returns the ref of its user */
  async createMachine(tenant: string, name: string): Promise<string> {
    await this.#tenancy('post', `/tenants/${tenant}/tokens`, {
      name,
      scopes: ['releases:write'],
    });
    return `user:${tenant}/bot-${name}`;
  }

  /** Ends all sessions of a user. */
  async signOut(userRef: string): Promise<void> {
    await createTenancyService(this.testDatabase).sessions.end({
      userRef,
      by: pluginAuditContext('test'),
    });
  }

  /** The recorded acts of promotions in one chain, oldest first. */
  async recorded(chain: string): Promise<JsonObject[]> {
    const { rows } = await this.testDatabase.database.asPlatform(
      'look at what was recorded',
      transaction =>
        transaction.raw(
          `select draft from portico_audit.outbox
            where chain = ? and draft->>'act' like 'promotions.%' order by position`,
          [chain],
        ),
    );
    return rows.map(({ draft }: { draft: JsonObject }) => draft);
  }

  async #tenancy(method: Method, path: string, body: object): Promise<void> {
    const answer = await request(this.#server)
      [method](`/api/tenancy${path}`)
      .set('authorization', `Bearer ${await this.signIn(pat)}`)
      .send(body);
    if (answer.status >= 300) {
      throw new Error(`${method} ${path}: ${answer.text}`);
    }
  }

  async #createTenants(): Promise<void> {
    const made = new Set<string>();
    for (const [userRef, roles] of Object.entries(people)) {
      const { namespace: id, name } = parseEntityRef(userRef);
      if (!made.has(id)) {
        await this.#tenancy('post', '/tenants', { id, title: id });
        made.add(id);
      }
      await this.#tenancy('put', `/tenants/${id}/members/${name}`, {
        displayName: name,
        roles,
      });
    }
  }

  async #start(parts: DeliveryParts): Promise<void> {
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
    this.#backend = await startTestBackend({
      features: [
        deliveryPlugin(parts),
        tenancyFeature,
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
