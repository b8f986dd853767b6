import { ConfigReader } from '@backstage/config';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import { createTenancyService, tenancyMigrations } from '.';
import { addConfiguredAdministrators } from './addConfiguredAdministrators';
import { MemberStore } from './service/MemberStore';

// The database takes its time on a busy machine.
jest.setTimeout(60_000);

const by = pluginAuditContext('test');

const identity = { issuer: 'https://id.example', subject: '00u1' };

describe('addConfiguredAdministrators', () => {
  let testDatabase: TestDatabase;
  let members: MemberStore;

  beforeAll(async () => {
    testDatabase = await TestDatabase.create({
      migrations: [auditMigrations, tenancyMigrations],
    });
    members = new MemberStore({ ...testDatabase, now: () => new Date() });
  });
  afterAll(() => testDatabase.destroy());

  const start = (administrators: object[]) =>
    addConfiguredAdministrators({
      config: new ConfigReader({ tenancy: { administrators } }),
      members,
    });

  it('makes the first administrator of an empty portal, once', async () => {
    await start([{ name: 'root', displayName: 'Root', ...identity }]);
    await start([{ name: 'root', displayName: 'Another name', ...identity }]);
    expect(await members.list('default')).toMatchObject([
      { name: 'root', displayName: 'Root', roles: ['platform-admin'] },
    ]);
    expect(
      await createTenancyService(testDatabase).directory.findByIdentity(
        identity,
      ),
    ).toEqual(['user:default/root']);
  });

  it('leaves who was disabled in the portal as they are', async () => {
    await start([{ name: 'root', displayName: 'Root', ...identity }]);
    await members.put({
      by,
      tenant: 'default',
      name: 'second',
      member: { displayName: 'Second', roles: ['platform-admin'] },
    });
    await members.put({
      by,
      tenant: 'default',
      name: 'root',
      member: { displayName: 'Root', roles: ['auditor'], disabled: true },
    });
    await start([{ name: 'root', displayName: 'Root', ...identity }]);
    expect(await members.list('default')).toContainEqual(
      expect.objectContaining({
        name: 'root',
        roles: ['auditor'],
        disabledAt: expect.any(String),
      }),
    );
  });

  it('names the key when an entry lacks its identity', async () => {
    await expect(
      start([{ name: 'root', displayName: 'Root' }]),
    ).rejects.toThrow(/'tenancy\.administrators'.*issuer/s);
  });
});
