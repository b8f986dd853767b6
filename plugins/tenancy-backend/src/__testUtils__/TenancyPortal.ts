import { httpAuthServiceFactory } from '@backstage/backend-defaults/httpAuth';
import {
  type AuthService,
  coreServices,
  createServiceFactory,
  type PermissionsService,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { AuthenticationError, NotImplementedError } from '@backstage/errors';
import {
  type EventsService,
  eventsServiceRef,
} from '@backstage/plugin-events-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { type JsonObject } from '@backstage/types';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import {
  type MachineScope,
  type PutMember,
} from '@portico/plugin-tenancy-common';
import { type TenancyService } from '@portico/plugin-tenancy-node';
import request from 'supertest';
import tenancyFeature, { createTenancyService, tenancyMigrations } from '..';

const by = { ...pluginAuditContext('test'), sourceAddress: '203.0.113.7' };

/** The platform's administrator. */
export const pat = 'user:default/pat';
/** Administrator and viewer of one tenant. */
export const kim = 'user:aurora/kim';
export const vic = 'user:aurora/vic';
/** Administrator of another tenant. */
export const lena = 'user:borealis/lena';

type Method = 'get' | 'put' | 'post' | 'patch' | 'delete';

/** Takes tokens of the right form for verified: signatures are not the tenancy's. */
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
      $$type: '@backstage/BackstageCredentials',
      principal: { type: 'user', userEntityRef: sub },
      token,
    };
  },
};

/** A backend with the tenancy plugin on a database of its own, reached over HTTP. */
export class TenancyPortal {
  static async start(
    options: { auth?: JsonObject } = {},
  ): Promise<TenancyPortal> {
    const testDatabase = await TestDatabase.create({
      migrations: [auditMigrations, tenancyMigrations],
    });
    const portal = new TenancyPortal(testDatabase);
    try {
      await portal.#start(options);
    } catch (error) {
      await portal.stop();
      throw error;
    }
    return portal;
  }

  /** Names of permissions that nobody holds; all others everybody does. */
  readonly denied = new Set<string>();
  /** What was published, oldest first. */
  readonly published: unknown[] = [];
  /** The service as the other backend parts have it. */
  readonly tenancy: TenancyService;
  #backend: Awaited<ReturnType<typeof startTestBackend>> | undefined;
  #issuedAt = Math.floor(Date.now() / 1000) - 100_000;

  private constructor(readonly testDatabase: TestDatabase) {
    this.tenancy = createTenancyService(testDatabase);
  }

  async stop(): Promise<void> {
    await this.#backend?.stop();
    await this.testDatabase.destroy();
  }

  /** Starts a session and returns the `authorization` header for it. */
  async signIn(userRef: string, scopes?: MachineScope[]): Promise<string> {
    this.#issuedAt += 1;
    await this.tenancy.sessions.start({
      by,
      userRef,
      issuedAt: this.#issuedAt,
      expiresAt: Math.floor(Date.now() / 1000) + 3600,
      method: 'persona',
      scopes,
    });
    return `Bearer ${createToken(userRef, this.#issuedAt)}`;
  }

  /** Asks without signing in. */
  anonymous(method: Method, path: string) {
    if (!this.#backend) {
      throw new Error('The portal is not started');
    }
    return request(this.#backend.server)[method](`/api/tenancy${path}`);
  }

  /** Asks as a user, in a new session. */
  async as(userRef: string, method: Method, path: string, body?: object) {
    const authorization = await this.signIn(userRef);
    return this.anonymous(method, path)
      .set('authorization', authorization)
      .send(body);
  }

  /** Makes the tenants aurora and borealis with their people. */
  async createTenants(): Promise<void> {
    const people: Record<string, PutMember> = {
      'aurora/members/kim': { displayName: 'Kim', roles: ['tenant-admin'] },
      'aurora/members/vic': { displayName: 'Vic', roles: ['viewer'] },
      'borealis/members/lena': { displayName: 'Lena', roles: ['tenant-admin'] },
    };
    for (const id of ['aurora', 'borealis']) {
      await this.as(pat, 'post', '/tenants', { id, title: `The ${id}` });
    }
    for (const [path, member] of Object.entries(people)) {
      const { status } = await this.as(pat, 'put', `/tenants/${path}`, member);
      if (status !== 201) {
        throw new Error(`${path} was not made: ${status}`);
      }
    }
  }

  async #start(options: { auth?: JsonObject }): Promise<void> {
    const { database, ...portico } = readConfig(this.testDatabase);
    const events: EventsService = {
      publish: async params => {
        this.published.push(params);
      },
      subscribe: async () => {},
    };
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
          service: eventsServiceRef,
          deps: {},
          factory: () => events,
        }),
        mockServices.rootConfig.factory({
          data: {
            ...portico,
            app: { baseUrl: 'http://localhost:7007' },
            auth: options.auth ?? {
              environment: 'development',
              providers: { persona: {} },
            },
            backend: {
              database,
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

function readConfig(testDatabase: TestDatabase): JsonObject {
  const { backend, ...rest } = testDatabase.config;
  return { ...rest, ...(backend as JsonObject) };
}

function createToken(userRef: string, issuedAt: number): string {
  const claims = JSON.stringify({ sub: userRef, iat: issuedAt });
  return `e30.${Buffer.from(claims).toString('base64url')}.signature`;
}
