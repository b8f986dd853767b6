import { AuthenticationError } from '@backstage/errors';
import { TestDatabase } from '@portico/database/testUtils';
import { tenancyMigrations } from '../migrations';
import { createTenancyService } from './createTenancyService';

describe('createTenancyService', () => {
  let testDatabase: TestDatabase;
  const start = new Date('2026-11-21T12:00:00Z');
  let now = start;

  beforeAll(async () => {
    testDatabase = await TestDatabase.create({
      migrations: [tenancyMigrations],
    });
  });
  afterAll(async () => {
    await testDatabase.destroy();
  });
  beforeEach(() => {
    now = start;
  });

  const seconds = () => Math.floor(now.getTime() / 1000);

  async function addMember(name: string, roles = ['developer']) {
    await testDatabase.database.asPlatform('seed a test', transaction =>
      transaction.raw(
        `insert into portico_tenancy.tenants (tenant, title) values ('aurora', 'Aurora')
         on conflict do nothing`,
      ),
    );
    await testDatabase.database.inTenant('aurora', async transaction => {
      await transaction.raw(
        `insert into portico_tenancy.members (tenant, name, kind, display_name, roles)
         values ('aurora', ?, 'person', ?, ?)`,
        [name, name, roles],
      );
    });
    return `user:aurora/${name}`;
  }

  function createService() {
    return createTenancyService({
      database: testDatabase.database,
      now: () => now,
    });
  }

  it('knows a session that was recorded, and no other', async () => {
    const { sessions } = createService();
    const userRef = await addMember('kim');
    const issuedAt = seconds();
    await sessions.start({
      userRef,
      issuedAt,
      expiresAt: issuedAt + 60,
      method: 'persona',
    });

    await expect(sessions.check({ userRef, issuedAt })).resolves.toEqual({
      tenant: 'aurora',
      userRef,
      displayName: 'kim',
      kind: 'person',
      roles: ['developer'],
      groups: [],
      scopes: [],
      membershipVersion: 1,
    });
    for (const unknown of [
      { userRef, issuedAt: issuedAt - 1 },
      { userRef: 'user:borealis/kim', issuedAt },
      { userRef: 'user:aurora/KIM', issuedAt },
      { userRef: 'user:Aurora/kim', issuedAt },
      { userRef: 'group:aurora/kim', issuedAt },
      { userRef: 'kim', issuedAt },
      { userRef: '', issuedAt },
    ]) {
      await expect(sessions.check(unknown)).rejects.toThrow(
        AuthenticationError,
      );
    }
  });
});
