import { mockCredentials } from '@backstage/backend-test-utils';
import { AuthenticationError, ConflictError } from '@backstage/errors';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import { type PutMember } from '@portico/plugin-tenancy-common';
import { tenancyMigrations } from '../migrations';
import { createTenancyService } from './createTenancyService';
import { DeviceRequestStore } from './DeviceRequestStore';
import { GroupStore } from './GroupStore';
import { MachineTokenStore } from './MachineTokenStore';
import { MemberStore } from './MemberStore';
import { TenantStore } from './TenantStore';

const by = pluginAuditContext('test');

jest.setTimeout(60_000);

describe('createTenancyService', () => {
  let testDatabase: TestDatabase;
  let now = new Date('2026-11-21T12:00:00Z');
  let members: MemberStore;
  let groups: GroupStore;
  let tokens: MachineTokenStore;
  let devices: DeviceRequestStore;
  let tenancy: ReturnType<typeof createTenancyService>;

  beforeAll(async () => {
    testDatabase = await TestDatabase.create({
      migrations: [auditMigrations, tenancyMigrations],
    });
    const stores = { database: testDatabase.database, now: () => now };
    tenancy = createTenancyService(stores);
    members = new MemberStore(stores);
    groups = new GroupStore(stores);
    tokens = new MachineTokenStore(stores);
    devices = new DeviceRequestStore(stores);
    for (const id of ['aurora', 'borealis']) {
      await new TenantStore(stores).create({ id, title: id }, by);
      await putMember(`user:${id}/root`, { roles: ['tenant-admin'] });
    }
  });
  afterAll(async () => {
    await testDatabase.destroy();
  });

  const seconds = () => Math.floor(now.getTime() / 1000);

  function pass(seconds_: number): void {
    now = new Date(now.getTime() + seconds_ * 1000);
  }

  async function putMember(userRef: string, member: Partial<PutMember> = {}) {
    const [tenant, name] = userRef.slice('user:'.length).split('/');
    await members.put({
      by,
      tenant,
      name,
      member: { displayName: name, roles: ['developer'], ...member },
    });
    return userRef;
  }

  async function startSession(userRef: string, lifetime = 3600) {
    const issuedAt = seconds();
    await tenancy.sessions.start({
      by,
      userRef,
      issuedAt,
      expiresAt: issuedAt + lifetime,
      method: 'persona',
    });
    return { userRef, issuedAt };
  }

  describe('sessions', () => {
    const over = new AuthenticationError('The session is over; sign in again');

    it('knows a session that was recorded, and no other', async () => {
      const userRef = await putMember('user:aurora/kim');
      await putMember('user:borealis/kim');
      const session = await startSession(userRef);
      await expect(tenancy.sessions.check(session)).resolves.toEqual({
        tenant: 'aurora',
        userRef,
        displayName: 'kim',
        kind: 'person',
        roles: ['developer'],
        groups: [],
        scopes: [],
        membershipVersion: 1,
      });
      const { issuedAt } = session;
      for (const unknown of [
        { userRef, issuedAt: issuedAt - 1 },
        { userRef: 'user:borealis/kim', issuedAt },
        { userRef: 'user:nobody/kim', issuedAt },
        { userRef: 'user:aurora/KIM', issuedAt },
        { userRef: 'user:Aurora/kim', issuedAt },
        { userRef: 'group:aurora/kim', issuedAt },
        { userRef: 'aurora/kim', issuedAt },
        { userRef: 'kim', issuedAt },
        { userRef: '', issuedAt },
      ]) {
        await expect(tenancy.sessions.check(unknown)).rejects.toThrow(over);
      }
    });

    it('ends a session with its token, by signing out, or with the member', async () => {
      const userRef = await putMember('user:aurora/lee');
      const expiring = await startSession(userRef, 60);
      pass(59);
      await tenancy.sessions.check(expiring);
      pass(1);
      await expect(tenancy.sessions.check(expiring)).rejects.toThrow(over);

      const first = await startSession(userRef);
      pass(1);
      const second = await startSession(userRef);
      await tenancy.sessions.end({ ...first, by });
      await expect(tenancy.sessions.check(first)).rejects.toThrow(over);
      await tenancy.sessions.check(second);
      pass(1);
      const third = await startSession(userRef);
      await tenancy.sessions.end({ by, userRef });
      await expect(tenancy.sessions.check(second)).rejects.toThrow(over);
      await expect(tenancy.sessions.check(third)).rejects.toThrow(over);

      pass(1);
      const last = await startSession(userRef);
      await members.remove({ by, tenant: 'aurora', name: 'lee' });
      await putMember(userRef, { roles: ['approver'] });
      await expect(tenancy.sessions.check(last)).rejects.toThrow(over);
    });

    it('starts none for who is unknown or disabled', async () => {
      const disabled = await putMember('user:aurora/max', { disabled: true });
      for (const userRef of [disabled, 'user:aurora/nobody', 'user:x/kim']) {
        await expect(startSession(userRef)).rejects.toThrow(
          AuthenticationError,
        );
      }
    });

    it('shares a second between equal sign-ins, but not with one that was ended', async () => {
      pass(1);
      const userRef = await putMember('user:aurora/sam');
      const session = await startSession(userRef, 60);
      await startSession(userRef, 120);
      pass(61);
      await tenancy.sessions.check(session);
      const other = await startSession(userRef);
      await tenancy.sessions.end({ ...other, by });
      await expect(startSession(userRef)).rejects.toThrow(ConflictError);
      await expect(tenancy.sessions.check(other)).rejects.toThrow(over);
      pass(1);
      await tenancy.sessions.check(await startSession(userRef));
    });

    it('knows when the person of a session signed in, and takes the earlier of two times', async () => {
      const userRef = await putMember('user:aurora/tim');
      const signedInAt = async (...times: Array<number | undefined>) => {
        pass(1);
        const issuedAt = seconds();
        for (const authenticatedAt of times) {
          await tenancy.sessions.start({
            by,
            userRef,
            issuedAt,
            expiresAt: issuedAt + 60,
            method: 'oidc',
            ...(authenticatedAt !== undefined && { authenticatedAt }),
          });
        }
        const found = await tenancy.sessions.check({ userRef, issuedAt });
        return found.authenticatedAt?.getTime();
      };
      expect(await signedInAt(undefined)).toBeUndefined();
      expect(await signedInAt(1_000)).toBe(1_000_000);
      expect(await signedInAt(1_000, 2_000)).toBe(1_000_000);
      expect(await signedInAt(2_000, 1_000)).toBe(1_000_000);
      expect(await signedInAt(1_000, undefined)).toBeUndefined();
      expect(await signedInAt(undefined, 1_000)).toBeUndefined();
    });

    it('bounds a machine by the scopes of its session', async () => {
      pass(1);
      await tokens.create({
        by,
        tenant: 'aurora',
        token: { name: 'ci', scopes: ['git:read', 'git:write'] },
        createdBy: 'user:aurora/root',
      });
      const session = {
        userRef: 'user:aurora/bot-ci',
        issuedAt: seconds(),
        expiresAt: seconds() + 60,
        method: 'machine-token' as const,
      };
      await tenancy.sessions.start({ by, ...session, scopes: ['git:read'] });
      await expect(tenancy.sessions.check(session)).resolves.toMatchObject({
        kind: 'machine',
        roles: [],
        scopes: ['git:read'],
      });
      // The same second cannot carry more scopes than before.
      await expect(
        tenancy.sessions.start({ by, ...session, scopes: ['git:write'] }),
      ).rejects.toThrow(ConflictError);
    });

    it('forgets old sessions of whoever signs in', async () => {
      const userRef = await putMember('user:aurora/old');
      await startSession(userRef, 60);
      pass(2 * 24 * 60 * 60);
      await startSession(userRef, 60);
      const { rows } = await testDatabase.database.inTenant(
        'aurora',
        transaction =>
          transaction.raw(
            `select 1 from portico_tenancy.sessions where member = 'old'`,
          ),
      );
      expect(rows).toHaveLength(1);
    });
  });

  describe('principal', () => {
    function credentials(userRef: string, claims: unknown) {
      const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
      return {
        ...mockCredentials.user(userRef),
        token: `e30.${payload}.signature`,
      };
    }

    it('is who a live session stands for, and nobody else', async () => {
      pass(1);
      const sub = await putMember('user:aurora/toni');
      const { issuedAt: iat } = await startSession(sub);
      await expect(
        tenancy.principal(credentials(sub, { sub, iat })),
      ).resolves.toMatchObject({ userRef: sub, tenant: 'aurora' });
      for (const foreign of [
        credentials('user:aurora/root', { sub, iat }),
        credentials(sub, { sub, iat: iat + 1 }),
        credentials(sub, { sub }),
        credentials(sub, 'text'),
        mockCredentials.user(sub),
        mockCredentials.service(),
        mockCredentials.none(),
      ]) {
        await expect(tenancy.principal(foreign)).rejects.toThrow(
          AuthenticationError,
        );
      }
    });
  });

  describe('machine tokens', () => {
    it('is refused when it is expired, changed, or of another tenant', async () => {
      const { token } = await tokens.create({
        by,
        tenant: 'aurora',
        token: { name: 'deploy', scopes: ['git:read'], expiresInDays: 2 },
        createdBy: 'user:aurora/root',
      });
      const find = tenancy.directory.findByMachineToken;
      await expect(find(token, by)).resolves.toEqual({
        userRef: 'user:aurora/bot-deploy',
        scopes: ['git:read'],
      });
      const [, , id, ...rest] = token.split('_');
      const secret = rest.join('_');
      const flipped = secret[0] === 'A' ? 'B' : 'A';
      for (const wrong of [
        `portico_borealis_${id}_${secret}`,
        `portico_aurora_${id}_${flipped}${secret.slice(1)}`,
        `portico_aurora_0123456789abcdef_${secret}`,
        `portico_aurora_${id}_`,
        `${token}x`,
        ` ${token}`,
        'portico_',
        '',
      ]) {
        await expect(find(wrong, by)).rejects.toThrow(
          new AuthenticationError(
            'The machine token is unknown, expired or revoked',
          ),
        );
      }
      pass(2 * 24 * 60 * 60);
      await expect(find(token, by)).rejects.toThrow(AuthenticationError);
    });

    it('remembers its last use to the minute', async () => {
      const { token, machineToken } = await tokens.create({
        by,
        tenant: 'borealis',
        token: { name: 'ci', scopes: ['git:read'] },
        createdBy: 'user:borealis/root',
      });
      const lastUsed = async () =>
        (await tokens.list('borealis')).find(({ id }) => id === machineToken.id)
          ?.lastUsedAt;
      expect(await lastUsed()).toBeUndefined();
      const first = now.toISOString();
      for (const wait of [0, 30, 29]) {
        pass(wait);
        await tenancy.directory.findByMachineToken(token, by);
        expect(await lastUsed()).toBe(first);
      }
      pass(1);
      await tenancy.directory.findByMachineToken(token, by);
      expect(await lastUsed()).toBe(now.toISOString());
    });
  });

  describe('devices', () => {
    it('forgets a request after ten minutes, approved or not', async () => {
      const { deviceCode, userCode } = await devices.start('cli');
      const approval = {
        userCode,
        userRef: 'user:aurora/root',
        membershipVersion: 1,
      };
      await devices.approve({ ...approval, by });
      pass(600);
      await expect(
        tenancy.directory.takeDeviceGrant(deviceCode, by),
      ).rejects.toThrow(AuthenticationError);
      await expect(devices.approve({ ...approval, by })).rejects.toThrow(
        'There is no open device request with this code',
      );
    });

    it('gives the grant to one of two that ask at the same time', async () => {
      const { deviceCode, userCode } = await devices.start('cli');
      await devices.approve({
        by,
        userCode,
        userRef: 'user:aurora/root',
        membershipVersion: 1,
      });
      const takes = await Promise.allSettled(
        Array.from({ length: 4 }, () =>
          tenancy.directory.takeDeviceGrant(deviceCode, by),
        ),
      );
      expect(takes.filter(take => take.status === 'fulfilled')).toHaveLength(1);
    });
  });

  it('leaves disabled people and machines out of the directory', async () => {
    const issuer = 'https://id.example.org';
    await putMember('user:aurora/gone', {
      identity: { issuer, subject: 'gone' },
    });
    const names = async () =>
      (await tenancy.directory.entities()).map(
        ({ entity }) => `${entity.metadata.namespace}/${entity.metadata.name}`,
      );
    expect(await names()).toContain('aurora/gone');
    expect(await names()).not.toContain('aurora/bot-ci');
    await putMember('user:aurora/gone', { disabled: true });
    expect(await names()).not.toContain('aurora/gone');
    await expect(
      tenancy.directory.findByIdentity({ issuer, subject: 'gone' }),
    ).resolves.toEqual([]);
  });

  it('tells who the members of one tenant are now, with what their groups give them', async () => {
    for (const [name, parent] of [
      ['everybody'],
      ['engineering', 'everybody'],
      ['sales', 'everybody'],
    ]) {
      await groups.put({
        by,
        tenant: 'borealis',
        name,
        group: { displayName: name, ...(parent && { parent }) },
      });
    }
    await groups.put({
      by,
      tenant: 'borealis',
      name: 'leads',
      group: {
        displayName: 'Leads',
        roles: ['approver'],
        parent: 'engineering',
      },
    });
    await putMember('user:borealis/lee', {
      email: 'lee@borealis.example',
      groups: ['leads'],
    });
    await putMember('user:borealis/noor', { disabled: true });
    await tokens.create({
      by,
      tenant: 'borealis',
      token: { name: 'ci', scopes: ['git:read'], expiresInDays: 2 },
      createdBy: 'user:borealis/root',
    });
    const found = await tenancy.directory.members('borealis');
    expect(found.map(({ userRef, kind }) => `${kind} ${userRef}`)).toEqual(
      expect.arrayContaining([
        'machine user:borealis/bot-ci',
        'person user:borealis/lee',
      ]),
    );
    expect(found).toContainEqual({
      userRef: 'user:borealis/lee',
      displayName: 'lee',
      kind: 'person',
      email: 'lee@borealis.example',
      roles: ['approver', 'developer'],
      groups: ['group:borealis/leads'],
      groupsAbove: ['group:borealis/engineering', 'group:borealis/everybody'],
    });
    expect(
      found.every(({ userRef }) => userRef.startsWith('user:borealis/')),
    ).toBe(true);
    expect(found.map(({ userRef }) => userRef)).not.toContain(
      'user:borealis/noor',
    );
  });
});
