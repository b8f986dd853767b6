import { authServiceFactory } from '@backstage/backend-defaults/auth';
import { databaseServiceFactory } from '@backstage/backend-defaults/database';
import { httpAuthServiceFactory } from '@backstage/backend-defaults/httpAuth';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import authPlugin from '@backstage/plugin-auth-backend';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { type JsonObject } from '@backstage/types';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import { PERSONA_ISSUER } from '@portico/plugin-tenancy-common';
import {
  createTenancyService,
  tenancyMigrations,
  tenancyServiceFactory,
} from '@portico/plugin-tenancy-backend';
import request from 'supertest';
import authModulePersonas, { PERSONA_HEADER } from './index';

const by = pluginAuditContext('test');

const REFRESH = '/api/auth/persona/refresh';

// A portal has to start first, which takes its time on a busy machine.
jest.setTimeout(60_000);

describe('sign-in by persona', () => {
  let testDatabase: TestDatabase;

  beforeAll(async () => {
    testDatabase = await TestDatabase.create({
      migrations: [auditMigrations, tenancyMigrations],
    });
    const { database } = testDatabase;
    await database.asPlatform('seed a test', transaction =>
      transaction.raw(
        `insert into portico_tenancy.tenants (tenant, title)
         values ('aurora', 'Aurora'), ('borealis', 'Borealis')`,
      ),
    );
    const addPerson = (tenant: string, name: string, issuer: string) =>
      database.inTenant(tenant, async transaction => {
        await transaction.raw(
          `insert into portico_tenancy.members (tenant, name, kind, display_name, roles)
           values (?, ?, 'person', ?, '{developer}')`,
          [tenant, name, name],
        );
        await transaction.raw(
          `insert into portico_tenancy.member_identities (tenant, member, issuer, subject)
           values (?, ?, ?, ?)`,
          [tenant, name, issuer, `user:${tenant}/${name}`],
        );
      });
    await addPerson('aurora', 'kim', PERSONA_ISSUER);
    await addPerson('aurora', 'alex', PERSONA_ISSUER);
    await addPerson('borealis', 'kim', PERSONA_ISSUER);
    await addPerson('aurora', 'real', 'https://accounts.example');
    await database.inTenant('aurora', async transaction => {
      await transaction.raw(
        `insert into portico_tenancy.groups (tenant, name, display_name, type)
         values ('aurora', 'checkout', 'Checkout', 'team')`,
      );
      await transaction.raw(
        `insert into portico_tenancy.group_memberships (tenant, member, group_name)
         values ('aurora', 'kim', 'checkout')`,
      );
    });
  });

  afterAll(async () => {
    await testDatabase.destroy();
  });

  async function startPortal(changes: {
    auth?: JsonObject;
    backend?: JsonObject;
  }) {
    const { backend: databases, ...rest } = testDatabase.config;
    const started = await startTestBackend({
      features: [
        authPlugin,
        authModulePersonas,
        tenancyServiceFactory,
        authServiceFactory,
        httpAuthServiceFactory,
        databaseServiceFactory,
        catalogServiceMock.factory(),
        mockServices.rootConfig.factory({
          data: {
            ...rest,
            app: { baseUrl: 'http://localhost:7130' },
            auth: {
              environment: 'development',
              providers: { persona: {} },
              ...changes.auth,
            },
            backend: {
              ...(databases as JsonObject),
              baseUrl: 'http://localhost:7130',
              listen: { host: 'localhost', port: 7130 },
              ...changes.backend,
            },
          },
        }),
      ],
    });
    return {
      url: `http://localhost:${started.server.port()}`,
      stop: () => started.stop(),
    };
  }

  describe('in development on this machine', () => {
    let portal: Awaited<ReturnType<typeof startPortal>>;
    const tenancy = () =>
      createTenancyService({ database: testDatabase.database });
    const signInAs = (persona: string) =>
      request(portal.url).get(REFRESH).set(PERSONA_HEADER, persona);
    const sessionOf = (token: string) => {
      const { sub, iat } = JSON.parse(
        Buffer.from(token.split('.')[1], 'base64url').toString('utf8'),
      );
      return { userRef: sub, issuedAt: iat };
    };

    beforeAll(async () => {
      portal = await startPortal({});
    });
    afterAll(async () => {
      await portal.stop();
    });

    it('gives a persona a recorded session with its groups', async () => {
      const { status, body } = await signInAs('user:aurora/kim');

      expect(status).toBe(200);
      expect(body.backstageIdentity.identity).toEqual({
        type: 'user',
        userEntityRef: 'user:aurora/kim',
        ownershipEntityRefs: ['user:aurora/kim', 'group:aurora/checkout'],
      });
      const session = sessionOf(body.backstageIdentity.token);
      expect(session.userRef).toBe('user:aurora/kim');
      await expect(tenancy().sessions.check(session)).resolves.toMatchObject({
        tenant: 'aurora',
        roles: ['developer'],
      });
    });

    it('gives each tenant its own user', async () => {
      const { body } = await signInAs('user:borealis/kim');
      expect(body.backstageIdentity.identity.userEntityRef).toBe(
        'user:borealis/kim',
      );
    });

    it.each([
      'user:aurora/nobody',
      'user:nowhere/kim',
      'user:aurora/real',
      'user:Aurora/kim',
      'user:aurora/kim/..',
      'group:aurora/checkout',
      'kim',
      "user:aurora/k' or '1'='1",
      'user:aurora/kim, user:borealis/kim',
    ])('refuses %s', async persona => {
      const { status, body } = await signInAs(persona);
      expect(status).toBe(403);
      expect(body.error.message).toMatch(/persona/);
      expect(body).not.toHaveProperty('backstageIdentity');
    });

    it('refuses a request that names nobody', async () => {
      expect((await request(portal.url).get(REFRESH)).status).toBe(401);
    });

    it.each(['portal.example', 'localhost.evil.example:7007', '10.0.0.1:7007'])(
      'refuses a request for the host %s',
      async host => {
        const { status, body } = await signInAs('user:aurora/kim').set(
          'Host',
          host,
        );
        expect(status).toBe(403);
        expect(body.error.message).toContain('localhost');
      },
    );

    it('refuses a persona from the refresh on that follows its disabling', async () => {
      expect((await signInAs('user:aurora/alex')).status).toBe(200);
      await testDatabase.database.inTenant('aurora', transaction =>
        transaction.raw(
          `update portico_tenancy.members set disabled_at = now() where name = 'alex'`,
        ),
      );
      expect((await signInAs('user:aurora/alex')).status).toBe(403);
    });

    it('never brings an ended session of the same second back', async () => {
      const ended: number[] = [];
      for (let round = 0; round < 3; round += 1) {
        const { body } = await signInAs('user:borealis/kim');
        const session = sessionOf(body.backstageIdentity.token);
        expect(ended).not.toContain(session.issuedAt);
        await tenancy().sessions.end({ ...session, by });
        ended.push(session.issuedAt);
        await expect(tenancy().sessions.check(session)).rejects.toThrow(
          'The session is over',
        );
      }
    });

    it('offers nothing but the refresh', async () => {
      const start = await request(portal.url).get(
        '/api/auth/persona/start?env=development',
      );
      expect(start.status).toBe(501);
    });
  });

  it.each<[string, Parameters<typeof startPortal>[0]]>([
    ['in production', { auth: { environment: 'production' } }],
    ['where it is switched off', { auth: { providers: { persona: null } } }],
    ['where it is not configured', { auth: { providers: {} } }],
    [
      'where the portal listens for other machines',
      { backend: { listen: { host: '0.0.0.0', port: 7130 } } },
    ],
    ['where it listens on every address', { backend: { listen: ':7130' } }],
    [
      'where the portal has an address for other machines',
      { backend: { baseUrl: 'https://portal.example' } },
    ],
  ])('does not exist %s', async (_where, changes) => {
    const portal = await startPortal(changes);
    const { status, body } = await request(portal.url)
      .get(REFRESH)
      .set(PERSONA_HEADER, 'user:aurora/kim');
    expect(status).toBe(404);
    expect(body).not.toHaveProperty('backstageIdentity');
    await portal.stop();
  });
});
