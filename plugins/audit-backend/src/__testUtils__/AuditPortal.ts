import { httpAuthServiceFactory } from '@backstage/backend-defaults/httpAuth';
import {
  type AuthService,
  coreServices,
  createBackendPlugin,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { AuthenticationError, NotImplementedError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { type JsonObject } from '@backstage/types';
import { porticoDatabaseServiceRef } from '@portico/database';
import { type AuditPage } from '@portico/plugin-audit-common';
import { type SigningKey } from '@portico/plugin-audit-common/chain';
import { type AuditRecord } from '@portico/plugin-audit-node';
import { tenantPolicyServiceRef } from '@portico/plugin-permission-backend-module-tenancy';
import tenancyFeature, {
  createTenancyService,
  tenancyMigrations,
} from '@portico/plugin-tenancy-backend';
import { tenancyServiceRef } from '@portico/plugin-tenancy-node';
import { setTimeout as delay } from 'timers/promises';
import { Client } from 'pg';
import request from 'supertest';
import { CheckpointMaker } from '../checkpoints/CheckpointMaker';
import { ErasureService } from '../erasure/ErasureService';
import { introduceSigningKey } from '../keys/introduceSigningKey';
import { auditMigrations } from '../migrations';
import { createAuditApi } from '../router/createAuditApi';
import { AuditEngine, ORIGIN, record } from './AuditEngine';

/** Tenants whose names begin alike, and the platform; with one person per role. */
const people = [
  ['aurora', 'kim', 'tenant-admin'],
  ['aurora', 'ann', 'approver'],
  ['aurora', 'dev', 'developer'],
  ['borealis', 'lena', 'tenant-admin'],
  ['aurora-2', 'otto', 'tenant-admin'],
  ['default', 'pat', 'platform-admin'],
  ['default', 'ana', 'auditor'],
] as const;

/** Takes tokens of the right form for verified: signatures are not the audit's. */
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

/** A backend with the audit's API, real sessions, the real policy and real PostgreSQL. */
export class AuditPortal {
  static async start(
    options: { heartbeatMilliseconds?: number } = {},
  ): Promise<AuditPortal> {
    const engine = await AuditEngine.create([
      auditMigrations,
      tenancyMigrations,
    ]);
    const portal = new AuditPortal(engine);
    try {
      await portal.#seed();
      await portal.#start(options);
    } catch (error) {
      await portal.stop();
      throw error;
    }
    return portal;
  }

  #key: SigningKey | undefined;
  readonly tenancy;
  #backend: Awaited<ReturnType<typeof startTestBackend>> | undefined;
  #close: () => Promise<void> = async () => {};
  #issuedAt = Math.floor(Date.now() / 1000) - 100_000;

  private constructor(readonly engine: AuditEngine) {
    this.tenancy = createTenancyService(engine.testDatabase);
  }

  /** The key that signs checkpoints. */
  get key(): SigningKey {
    if (!this.#key) {
      throw new Error('The portal is not started');
    }
    return this.#key;
  }

  get port(): number {
    if (!this.#backend) {
      throw new Error('The portal is not started');
    }
    return this.#backend.server.port();
  }

  async stop(): Promise<void> {
    await this.#close();
    await this.#backend?.stop();
    await this.engine.destroy();
  }

  /** Records acts, each in its own chain, and chains them. */
  async write(...records: Array<Partial<AuditRecord>>): Promise<void> {
    for (const each of records) {
      await this.engine.append(record(each));
    }
    await this.engine.relayAll();
  }

  /** A record as those that `write` makes. */
  record(more: Partial<AuditRecord> = {}): AuditRecord {
    return record(more);
  }

  /** Asks until the answer is as it should be; it fails when that takes half a minute. */
  async until<T>(
    ask: () => Promise<T>,
    isReached: (answer: T) => boolean,
  ): Promise<T> {
    const deadline = Date.now() + 30_000;
    for (;;) {
      const answer = await ask();
      if (isReached(answer)) {
        return answer;
      }
      if (Date.now() > deadline) {
        throw new Error(
          `It stayed ${JSON.stringify(answer)} for half a minute`,
        );
      }
      await delay(20);
    }
  }

  /** Signs every chain as it is now. */
  async checkpoint(): Promise<void> {
    const maker = new CheckpointMaker({
      database: this.engine.database,
      key: this.key,
      everyEntries: 1,
      everyMilliseconds: 1,
      now: () => new Date(),
      logger: mockServices.logger.mock(),
    });
    await maker.make();
  }

  /** Starts a session and returns the `authorization` header for it. */
  async signIn(userRef: string): Promise<string> {
    this.#issuedAt += 1;
    const issuedAt = this.#issuedAt;
    await this.engine.asSuperuser(
      `insert into portico_tenancy.sessions (tenant, member, issued_at, expires_at, method, scopes)
       values ($1, $2, $3, $4, 'persona', '{}')`,
      [...addressOf(userRef), issuedAt, Math.floor(Date.now() / 1000) + 3600],
    );
    const claims = JSON.stringify({ sub: userRef, iat: issuedAt });
    return `Bearer e30.${Buffer.from(claims).toString('base64url')}.signature`;
  }

  /** Ends all sessions of somebody. */
  async signOut(userRef: string): Promise<void> {
    await this.engine.asSuperuser(
      `update portico_tenancy.sessions set ended_at = now() where tenant = $1 and member = $2`,
      addressOf(userRef),
    );
  }

  /** Asks as a user, in a new session. */
  async get(userRef: string, path: string) {
    const authorization = await this.signIn(userRef);
    return request(`http://localhost:${this.port}`)
      .get(`/api/audit${path}`)
      .set('authorization', authorization);
  }

  async post(userRef: string, path: string, body: object) {
    const authorization = await this.signIn(userRef);
    return request(`http://localhost:${this.port}`)
      .post(`/api/audit${path}`)
      .set('authorization', authorization)
      .send(body);
  }

  /** Asks without signing in. */
  anonymous(path: string) {
    return request(`http://localhost:${this.port}`).get(`/api/audit${path}`);
  }

  /** Addresses of the entries that a filter finds, `<chain>:<sequence>`, newest first. */
  async find(
    userRef: string,
    filter: Record<string, string | undefined> = {},
  ): Promise<string[]> {
    const answer = await this.get(
      userRef,
      `/entries?${new URLSearchParams(
        JSON.parse(JSON.stringify({ limit: '200', ...filter })),
      )}`,
    );
    if (answer.status !== 200) {
      throw new Error(`${answer.status} ${answer.text}`);
    }
    const page: AuditPage = answer.body;
    return page.items.map(({ entry }) => `${entry.chain}:${entry.sequence}`);
  }

  async #seed(): Promise<void> {
    const client = new Client({
      connectionString: this.engine.testDatabase.adminConnectionString,
    });
    await client.connect();
    try {
      for (const [tenant, name, role] of people) {
        await client.query(
          `insert into portico_tenancy.tenants (tenant, title) values ($1, $1)
           on conflict do nothing`,
          [tenant],
        );
        await client.query(
          `insert into portico_tenancy.members (tenant, name, kind, display_name, roles)
           values ($1, $2, 'person', $2, $3)`,
          [tenant, name, [role]],
        );
      }
    } finally {
      await client.end();
    }
    this.#key = await introduceSigningKey({
      database: this.engine.database,
      origin: ORIGIN,
      seeds: [Buffer.alloc(32, 7).toString('base64')],
      now: () => new Date(),
      logger: mockServices.logger.mock(),
    });
  }

  async #start(options: { heartbeatMilliseconds?: number }): Promise<void> {
    const { testDatabase } = this.engine;
    const { backend, ...portico } = testDatabase.config;
    const connectionString = testDatabase.connectionString('app');
    const captureClose = (close: () => Promise<void>) => {
      this.#close = close;
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
          deps: { policy: tenantPolicyServiceRef },
          factory: ({ policy }) => ({
            authorize: async (requests, asked) =>
              Promise.all(
                requests.map(async ({ permission }) => {
                  if (!asked || !('credentials' in asked)) {
                    return { result: AuthorizeResult.DENY };
                  }
                  const decision = await policy.handle(
                    { permission },
                    {
                      credentials: asked.credentials,
                      info: { userEntityRef: '', ownershipEntityRefs: [] },
                    },
                  );
                  return decision.result === AuthorizeResult.ALLOW
                    ? { result: AuthorizeResult.ALLOW }
                    : { result: AuthorizeResult.DENY };
                }),
              ),
            authorizeConditional: async () => {
              throw new NotImplementedError('Nothing here is conditional');
            },
          }),
        }),
        mockServices.rootConfig.factory({
          data: {
            ...portico,
            app: { baseUrl: 'http://localhost:7007' },
            auth: { environment: 'production' },
            backend: {
              ...(backend as JsonObject),
              baseUrl: 'http://localhost:7007',
              listen: { host: 'localhost', port: 0 },
              auth: { keys: [{ secret: 'a secret for tests' }] },
            },
          },
        }),
        createBackendPlugin({
          pluginId: 'audit',
          register(registration) {
            registration.registerInit({
              deps: {
                database: porticoDatabaseServiceRef,
                httpAuth: coreServices.httpAuth,
                httpRouter: coreServices.httpRouter,
                logger: coreServices.logger,
                permissions: coreServices.permissions,
                tenancy: tenancyServiceRef,
              },
              async init({ httpRouter, ...services }) {
                const { router, close } = createAuditApi({
                  ...services,
                  ...options,
                  connection: { connectionString },
                  settings: {
                    origin: ORIGIN,
                    checkpoints: {
                      everyEntries: 1,
                      everyMilliseconds: 1,
                      destinations: [
                        { name: 'vault', type: 'file', directory: '/nowhere' },
                      ],
                    },
                    retention: { tenants: { aurora: { days: 90 } } },
                  },
                  erasures: new ErasureService({
                    database: services.database,
                    isMember: async userRef =>
                      people.some(
                        ([tenant, name]) =>
                          userRef === `user:${tenant}/${name}`,
                      ),
                  }),
                  now: () => new Date(),
                });
                captureClose(close);
                httpRouter.use(router);
              },
            });
          },
        }),
      ],
    });
  }
}

function addressOf(userRef: string): [tenant: string, name: string] {
  const [tenant = '', name = ''] = userRef.replace('user:', '').split('/');
  return [tenant, name];
}
