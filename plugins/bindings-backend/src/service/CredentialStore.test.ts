import { TestDatabase } from '@portico/database/testUtils';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import { LocalSecretSealer } from '@portico/sealing';
import { migrations } from '../__testUtils__/BindingsPortal';
import { CredentialStore } from './CredentialStore';
import { GrantStore } from './GrantStore';

jest.setTimeout(60_000);

const by = { userRef: 'user:aurora/kim', context: pluginAuditContext('test') };
const address = { tenant: 'aurora', system: 'argo' };
const secret = { token: 'canary-token', username: 'canary-user' };

describe('CredentialStore', () => {
  let testDatabase: TestDatabase;
  let now = new Date('2026-11-21T10:00:00Z');

  function storeWith(...secrets: string[]): CredentialStore {
    return new CredentialStore({
      database: testDatabase.database,
      sealer:
        secrets.length > 0
          ? new LocalSecretSealer({ secrets, purpose: 'test' })
          : undefined,
      systems: new Map([
        [
          'argo',
          {
            name: 'argo',
            kind: 'argocd',
            title: 'Argo',
            url: 'https://argo.example.org',
          },
        ],
      ]),
      now: () => now,
    });
  }

  beforeAll(async () => {
    testDatabase = await TestDatabase.create({ migrations });
    await testDatabase.database.asPlatform('test', transaction =>
      transaction.raw(
        `insert into portico_tenancy.tenants (tenant, title) values ('aurora', 'A'), ('borealis', 'B')`,
      ),
    );
    const grants = new GrantStore({
      database: testDatabase.database,
      now: () => now,
    });
    for (const tenant of ['aurora', 'borealis']) {
      await grants.add(
        {
          tenant,
          kind: 'argocd-project',
          system: 'argo',
          resource: tenant,
          shared: false,
        },
        by,
      );
    }
  });
  afterAll(async () => {
    await testDatabase.destroy();
  });

  it('opens what was set, and notes the use to the minute', async () => {
    const store = storeWith('old');
    await expect(store.open(address)).resolves.toBeUndefined();
    await store.set(address, secret, by);
    await expect(store.open(address)).resolves.toEqual(secret);
    const [{ set }] = await store.list('aurora');
    expect(set?.lastUsedAt).toBe('2026-11-21T10:00:00.000Z');
    for (const [time, noted] of [
      ['2026-11-21T10:00:30.000Z', '2026-11-21T10:00:00.000Z'],
      ['2026-11-21T10:05:00.000Z', '2026-11-21T10:05:00.000Z'],
    ]) {
      now = new Date(time);
      await store.open(address);
      expect((await store.list('aurora'))[0].set?.lastUsedAt).toBe(noted);
    }
  });

  it('seals again after the keys were rotated, so that the old key can go', async () => {
    await storeWith('old').set(address, secret, by);
    const between = storeWith('new', 'old');
    await expect(between.open(address)).resolves.toEqual(secret);
    // Two replicas that start at once
    const counts = await Promise.all([between.reseal(), between.reseal()]);
    expect(counts.reduce((sum, count) => sum + count)).toBe(2);
    await expect(between.reseal()).resolves.toBe(0);
    await expect(storeWith('new').open(address)).resolves.toEqual(secret);
    await expect(storeWith('old').open(address)).rejects.toThrow(
      'cannot be opened, because its sealing key is gone: set it again',
    );
    const { rows } = await testDatabase.database.asPlatform(
      'test',
      transaction =>
        transaction.raw(
          `select draft::text as draft from portico_audit.outbox
            where draft->>'act' = 'bindings.credential.reseal'`,
        ),
    );
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toContain('canary');
  });

  it('says when a key is gone, and keeps what it cannot open', async () => {
    await storeWith('lost').set(address, secret, by);
    const after = storeWith('new');
    await expect(after.reseal()).resolves.toBe(0);
    expect((await after.list('aurora'))[0].set?.readable).toBe(false);
    await expect(storeWith('new', 'lost').reseal()).resolves.toBe(2);
    await expect(after.open(address)).resolves.toEqual(secret);
  });

  it('opens no secret that was moved to another tenant or field', async () => {
    const store = storeWith('new');
    await store.set(address, secret, by);
    await testDatabase.database.asPlatform('test', transaction =>
      transaction.raw(
        `update portico_bindings.credentials c set sealed = other.sealed
           from portico_bindings.credentials other
          where c.field = 'token' and other.field = 'username'`,
      ),
    );
    await expect(store.open(address)).rejects.toThrow('cannot be opened');
    await store.set(address, secret, by);
    await store.set({ ...address, tenant: 'borealis' }, { token: 'own' }, by);
    await testDatabase.database.asPlatform('test', transaction =>
      transaction.raw(
        `update portico_bindings.credentials c set sealed = other.sealed
           from portico_bindings.credentials other
          where c.tenant = 'borealis' and other.tenant = 'aurora' and other.field = c.field`,
      ),
    );
    await expect(
      store.open({ ...address, tenant: 'borealis' }),
    ).rejects.toThrow('cannot be opened');
  });

  it('keeps nothing without a key', async () => {
    const store = storeWith();
    await expect(store.set(address, secret, by)).rejects.toThrow(
      'set bindings.sealingKeys',
    );
    await expect(store.reseal()).resolves.toBe(0);
  });
});
