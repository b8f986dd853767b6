import { mockServices } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import { recordedActs } from '@portico/plugin-audit-node/testUtils';
import { StandInKeycloak } from '../__testUtils__/StandInKeycloak';
import { tenancyMigrations } from '../migrations';
import { createTenancyService } from '../service/createTenancyService';
import { DirectoryStore } from '../service/DirectoryStore';
import { GroupStore } from '../service/GroupStore';
import { MemberStore } from '../service/MemberStore';
import { TenantStore } from '../service/TenantStore';
import { KeycloakClient } from './KeycloakClient';
import { KeycloakSync } from './KeycloakSync';
import { readKeycloakDirectories } from './readKeycloakDirectories';

jest.setTimeout(60_000);

const by = pluginAuditContext('test');

describe('KeycloakSync', () => {
  let testDatabase: TestDatabase;
  let keycloak: StandInKeycloak;
  let members: MemberStore;
  let groups: GroupStore;
  let directories: DirectoryStore;
  const warnings: string[] = [];

  beforeAll(async () => {
    testDatabase = await TestDatabase.create({
      migrations: [auditMigrations, tenancyMigrations],
    });
    keycloak = await StandInKeycloak.start();
    const stores = {
      database: testDatabase.database,
      now: () => new Date(),
    };
    members = new MemberStore(stores);
    groups = new GroupStore(stores);
    directories = new DirectoryStore(stores);
    const tenants = new TenantStore(stores);
    await tenants.create({ id: 'aurora', title: 'Aurora' }, by);
  });
  afterAll(async () => {
    await keycloak?.stop();
    await testDatabase?.destroy();
  });
  beforeEach(() => {
    keycloak.broken = undefined;
    keycloak.hidden = undefined;
  });

  async function look(more: object = {}) {
    const [directory] = readKeycloakDirectories(
      new ConfigReader({
        tenancy: { keycloak: [{ ...keycloak.config, ...more }] },
      }),
    );
    const sync = new KeycloakSync({
      database: testDatabase.database,
      directories,
      logger: mockServices.logger.mock({
        warn: message => warnings.push(message),
      }),
      now: () => new Date(),
    });
    return sync.sync(directory, new KeycloakClient(directory));
  }

  async function people() {
    const list = await members.list('aurora');
    return Object.fromEntries(
      list.map(one => [one.name, one.disabledAt ? 'out' : one.groups.join()]),
    );
  }

  function person(name: string) {
    return {
      id: `id-${name}`,
      username: name,
      firstName: name,
      email: `${name}@example.org`,
      enabled: true,
    };
  }

  it('follows people, groups and hierarchy, in pages', async () => {
    // More than one page of 100
    keycloak.users = Array.from({ length: 103 }, (_, number) =>
      person(`p${String(number).padStart(3, '0')}`),
    );
    keycloak.groups = [
      { id: 'g-shop', name: 'Shop', members: ['id-p000'] },
      { id: 'g-web', name: 'Web', parent: 'g-shop', members: ['id-p001'] },
      { id: 'g-ops', name: 'Ops', members: [] },
    ];
    expect(await look()).toEqual({ outcome: 'read', changes: 107 });
    const list = await people();
    expect(Object.keys(list)).toHaveLength(103);
    expect(list).toMatchObject({ p000: 'shop', p001: 'web', p102: '' });
    expect(await groups.list('aurora')).toEqual([
      expect.objectContaining({ name: 'ops', source: 'keycloak' }),
      expect.objectContaining({ name: 'shop' }),
      expect.objectContaining({ name: 'web', parent: 'shop' }),
    ]);
    await expect(
      createTenancyService(testDatabase).directory.findByIdentity({
        issuer: `${keycloak.url}/realms/aurora`,
        subject: 'id-p000',
      }),
    ).resolves.toEqual(['user:aurora/p000']);
    // Nothing changed there, so nothing is written.
    expect(await look()).toEqual({ outcome: 'read', changes: 0 });

    // A group moves below another one, and its people change.
    keycloak.groups[1] = {
      ...keycloak.groups[1],
      parent: 'g-ops',
      members: ['id-p002'],
    };
    expect(await look()).toMatchObject({ outcome: 'read' });
    expect(await groups.list('aurora')).toContainEqual(
      expect.objectContaining({ name: 'web', parent: 'ops' }),
    );
    expect(await people()).toMatchObject({ p001: '', p002: 'web' });
    expect(await look()).toEqual({ outcome: 'read', changes: 0 });
  });

  it('ends the sessions of who is disabled or gone', async () => {
    const { sessions } = createTenancyService(testDatabase);
    const started = {
      issuedAt: 1,
      expiresAt: 2 ** 40,
      method: 'oidc' as const,
    };
    for (const userRef of ['user:aurora/p010', 'user:aurora/p011']) {
      await sessions.start({ ...started, userRef, by });
    }
    keycloak.users = keycloak.users
      .filter(user => user.username !== 'p011')
      .map(user =>
        user.username === 'p010' ? { ...user, enabled: false } : user,
      );
    expect(await look()).toEqual({ outcome: 'read', changes: 2 });
    for (const userRef of ['user:aurora/p010', 'user:aurora/p011']) {
      await expect(sessions.check({ userRef, issuedAt: 1 })).rejects.toThrow(
        'The session is over',
      );
    }
    const acts = await recordedActs(
      testDatabase.database,
      'tenancy.member.disable',
    );
    expect(acts.map(({ subject }) => JSON.stringify(subject))).toEqual([
      expect.stringContaining('user:aurora/p011'),
      expect.stringContaining('user:aurora/p010'),
    ]);
    expect(acts[0]).toMatchObject({
      actor: { kind: 'plugin', ref: 'plugin:tenancy' },
      reason: 'Read from the directory (Keycloak)',
      details: { sessionsEnded: 1 },
    });
  });

  it('removes nobody whom a page left out', async () => {
    keycloak.hidden = 'id-p020';
    expect(await look()).toMatchObject({ outcome: 'read', changes: 0 });
    expect(await people()).toMatchObject({ p020: '' });
  });

  it('removes nobody when nearly all are missing at once, until it is told to', async () => {
    const { users, groups: realmGroups } = keycloak;
    const before = await people();
    keycloak.users = [];
    keycloak.groups = [];
    for (const _ of [1, 2]) {
      expect(await look()).toMatchObject({
        outcome: 'held',
        reason: expect.stringContaining(
          '102 of 102 people are missing at once',
        ),
      });
    }
    expect(await people()).toEqual(before);
    expect((await directories.get('aurora'))?.lastLook).toMatchObject({
      outcome: 'held',
    });
    // Once, however often it is looked at
    await expect(
      recordedActs(testDatabase.database, 'tenancy.directory.hold'),
    ).resolves.toHaveLength(1);
    keycloak.users = users.slice(0, 10);
    keycloak.groups = realmGroups;
    expect(await look({ mostRemovals: 1 })).toMatchObject({ outcome: 'read' });
    expect(
      Object.values(await people()).filter(state => state !== 'out'),
    ).toHaveLength(10);
  });

  it.each([401, 403, 500])(
    'changes nothing where Keycloak answers %s',
    async status => {
      const before = await people();
      keycloak.users = [];
      keycloak.broken = status;
      expect(await look()).toEqual({
        outcome: 'unreadable',
        changes: 0,
        reason: expect.stringContaining('cannot be read for aurora'),
      });
      expect(await people()).toEqual(before);
    },
  );

  it('does not let one who cannot be written hold back the others', async () => {
    keycloak.users = [person('p000'), person('new'), person('twin')];
    await members.put({
      by,
      tenant: 'aurora',
      name: 'by-hand',
      member: { displayName: 'By hand', roles: ['viewer'] },
    });
    const result = await look({ mostRemovals: 1 });
    expect(result.outcome).toBe('read');
    expect(await people()).toMatchObject({
      new: '',
      twin: '',
      'by-hand': '',
    });
    // The same account name twice, which only a broken directory has
    keycloak.users.push({ ...person('new'), id: 'id-other' }, person('last'));
    expect(await look()).toMatchObject({
      outcome: 'read',
      changes: 1,
      reason: expect.stringContaining('belongs to another person'),
    });
    expect(await people()).toMatchObject({ last: '' });
    expect(warnings).toContainEqual(expect.stringContaining('userName'));
  });

  it('leaves a tenant alone whose people come by SCIM', async () => {
    await directories.disconnect({ tenant: 'aurora', by });
    await directories.connect({
      tenant: 'aurora',
      kind: 'scim',
      directory: { issuer: 'https://id.example.org' },
      by,
    });
    await expect(look()).rejects.toThrow('come from SCIM');
  });

  it.each([
    [{ url: 'http://id.example.org' }, 'must be an https address'],
    [{ url: 'https://a:b@id.example.org' }, 'without credentials'],
    [{ tenant: 'No Tenant' }, 'no id of a tenant'],
    [{ mostRemovals: 2 }, 'a part from 0 to 1'],
    [{ every: '1s' }, 'less than 5 seconds'],
  ])('refuses the configuration %j', (more, reason) => {
    expect(() =>
      readKeycloakDirectories(
        new ConfigReader({
          tenancy: { keycloak: [{ ...keycloak.config, ...more }] },
        }),
      ),
    ).toThrow(reason);
  });
});
