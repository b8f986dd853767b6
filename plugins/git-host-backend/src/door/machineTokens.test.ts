import { createHash, randomBytes } from 'node:crypto';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import {
  createTenancyService,
  tenancyMigrations,
} from '@portico/plugin-tenancy-backend';
import { type MachineScope } from '@portico/plugin-tenancy-common';
import request from 'supertest';
import {
  startTestPortal,
  type TestPortal,
} from '../__testUtils__/startTestPortal';

const by = pluginAuditContext('test');

jest.setTimeout(60_000);

describe('machine tokens at the Git door, from their real tables', () => {
  let testDatabase: TestDatabase;
  let portal: TestPortal;

  beforeAll(async () => {
    testDatabase = await TestDatabase.create({
      migrations: [auditMigrations, tenancyMigrations],
    });
    await testDatabase.database.asPlatform('test', transaction =>
      transaction.raw(
        `insert into portico_tenancy.tenants (tenant, title) values ('aurora', 'Aurora'), ('borealis', 'Borealis')`,
      ),
    );
    portal = await startTestPortal({
      tenancy: createTenancyService({ database: testDatabase.database }),
    });
    for (const tenant of ['aurora', 'borealis']) {
      await portal.gitHost.create({
        by,
        tenant,
        repository: 'shop',
        description: '',
      });
    }
  });
  afterAll(async () => {
    await portal.stop();
    await testDatabase.destroy();
  });

  async function tokenFor(
    tenant: string,
    scopes: MachineScope[],
    expiresAt = new Date(Date.now() + 60_000),
  ) {
    const id = randomBytes(8).toString('hex');
    const secret = randomBytes(32).toString('base64url');
    await testDatabase.database.inTenant(tenant, async transaction => {
      await transaction.raw(
        `insert into portico_tenancy.members (tenant, name, kind, display_name, roles)
         values (?, ?, 'machine', 'Machine', '{}')`,
        [tenant, `bot-${id}`],
      );
      await transaction.raw(
        `insert into portico_tenancy.machine_tokens
           (tenant, id, name, member, secret_hash, scopes, created_by, created_at, expires_at)
         values (?, ?, ?, ?, ?, ?, 'user:aurora/tia', now(), ?)`,
        [
          tenant,
          id,
          id,
          `bot-${id}`,
          createHash('sha256').update(secret).digest(),
          scopes,
          expiresAt,
        ],
      );
    });
    return { id, token: `portico_${tenant}_${id}_${secret}` };
  }

  async function statuses(token: string) {
    const found: number[] = [];
    for (const [repository, service] of [
      ['aurora/shop', 'git-upload-pack'],
      ['aurora/shop', 'git-receive-pack'],
      ['borealis/shop', 'git-upload-pack'],
    ]) {
      const answer = await request(portal.server)
        .get(`/api/git-host/${repository}.git/info/refs?service=${service}`)
        .auth('any-name', token);
      found.push(answer.status);
    }
    return found;
  }

  it('count within their tenant and scopes, until they expire, are revoked or their member is disabled', async () => {
    const both = await tokenFor('aurora', ['git:read', 'git:write']);
    expect(await statuses(both.token)).toEqual([200, 200, 404]);
    const reads = await tokenFor('aurora', ['git:read']);
    expect(await statuses(reads.token)).toEqual([200, 403, 404]);
    const other = await tokenFor('borealis', ['git:read', 'git:write']);
    expect(await statuses(other.token)).toEqual([404, 404, 200]);

    const expired = await tokenFor('aurora', ['git:read'], new Date(0));
    expect(await statuses(expired.token)).toEqual([401, 401, 401]);
    expect(await statuses(`${both.token.slice(0, -1)}~`)).toEqual([
      401, 401, 401,
    ]);
    expect(
      await statuses(both.token.replace('_aurora_', '_borealis_')),
    ).toEqual([401, 401, 401]);

    await testDatabase.database.inTenant('aurora', async transaction => {
      await transaction.raw(
        `update portico_tenancy.machine_tokens set revoked_at = now() where id = ?`,
        [both.id],
      );
      await transaction.raw(
        `update portico_tenancy.members set disabled_at = now() where name = ?`,
        [`bot-${reads.id}`],
      );
    });
    expect(await statuses(both.token)).toEqual([401, 401, 401]);
    expect(await statuses(reads.token)).toEqual([401, 401, 401]);
  });
});
