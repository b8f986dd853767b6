import { TENANCY_SOURCES_TOPIC } from '@portico/plugin-tenancy-node';
import {
  kim,
  lena,
  pat,
  TenancyPortal,
  vic,
} from '../__testUtils__/TenancyPortal';

jest.setTimeout(60_000);

describe('addMemberRoutes', () => {
  let portal: TenancyPortal;

  beforeAll(async () => {
    portal = await TenancyPortal.start();
    await portal.createTenants();
  });
  afterAll(async () => {
    await portal.stop();
  });
  beforeEach(() => {
    portal.denied.clear();
    portal.published.length = 0;
  });

  it('counts a change of roles or groups, and refuses a disabled person at once', async () => {
    const path = '/tenants/aurora/members/dana';
    const dana = {
      displayName: 'Dana',
      email: 'dana@example.org',
      roles: ['developer'],
    };
    await portal.as(kim, 'put', '/tenants/aurora/groups/shop', {
      displayName: 'Shop',
    });
    expect((await portal.as(kim, 'put', path, dana)).status).toBe(201);
    const authorization = await portal.signIn('user:aurora/dana');
    const me = () =>
      portal.anonymous('get', '/me').set('authorization', authorization);
    await portal.as(kim, 'put', path, { ...dana, groups: ['shop'] });
    expect((await me()).body.groups).toEqual(['group:aurora/shop']);
    await portal.as(kim, 'put', path, {
      ...dana,
      displayName: 'Dana D.',
      groups: ['shop'],
      roles: ['approver'],
    });
    expect((await me()).body.roles).toEqual(['approver']);
    const issuedAt = Number(
      JSON.parse(
        Buffer.from(authorization.split('.')[1], 'base64url').toString(),
      ).iat,
    );
    const check = () =>
      portal.tenancy.sessions.check({
        userRef: 'user:aurora/dana',
        issuedAt,
      });
    await expect(check()).resolves.toMatchObject({ membershipVersion: 3 });
    await portal.as(kim, 'delete', '/tenants/aurora/groups/shop');
    await expect(check()).resolves.toMatchObject({
      groups: [],
      membershipVersion: 4,
    });

    await portal.as(kim, 'put', path, { ...dana, disabled: true });
    expect((await me()).status).toBe(401);
    // A new start does not bring the old token back.
    await portal.as(kim, 'put', path, dana);
    expect((await me()).status).toBe(401);
    expect((await portal.as(kim, 'delete', path)).status).toBe(204);
    expect((await portal.as(kim, 'delete', path)).status).toBe(404);
    expect(portal.published).toContainEqual({
      topic: TENANCY_SOURCES_TOPIC,
      eventPayload: { kind: 'directory', tenant: 'aurora' },
    });
  });

  it('keeps the last administrator', async () => {
    const path = '/tenants/borealis/members/lena';
    for (const change of [
      { displayName: 'Lena', roles: ['developer'] },
      { displayName: 'Lena', roles: ['tenant-admin'], disabled: true },
    ]) {
      const response = await portal.as(lena, 'put', path, change);
      expect(response.status).toBe(409);
      expect(response.body.error.message).toBe(
        '"lena" is the last tenant-admin of borealis; give somebody else this role first',
      );
    }
    expect((await portal.as(lena, 'delete', path)).status).toBe(409);
    expect((await portal.as(lena, 'get', '/me')).body.roles).toEqual([
      'tenant-admin',
    ]);
    await portal.as(lena, 'put', '/tenants/borealis/members/second', {
      displayName: 'Second',
      roles: ['tenant-admin'],
    });
    expect((await portal.as(lena, 'delete', path)).status).toBe(204);
    await portal.as(pat, 'put', path, {
      displayName: 'Lena',
      roles: ['tenant-admin'],
    });
  });

  it.each([
    ['members/eve', { displayName: 'Eve', roles: ['platform-admin'] }],
    ['members/eve', { displayName: 'Eve', roles: ['owner'] }],
    ['members/eve', { displayName: 'Eve' }],
    ['groups/owners', { displayName: 'Owners', roles: ['owner'] }],
    ['members/eve', { displayName: 'Eve', roles: ['viewer'], groups: ['no'] }],
    ['members/bot-eve', { displayName: 'Eve', roles: ['viewer'] }],
    ['members/Eve', { displayName: 'Eve', roles: ['viewer'] }],
    ['groups/orphan', { displayName: 'Orphan', parent: 'nobody' }],
    ['groups/self', { displayName: 'Self', parent: 'self' }],
  ])('refuses %s %j', async (path, body) => {
    const response = await portal.as(
      kim,
      'put',
      `/tenants/aurora/${path}`,
      body,
    );
    expect(response.status).toBe(400);
  });

  it('refuses a circle of groups, and keeps those below a removed one', async () => {
    const put = (name: string, parent?: string) =>
      portal.as(kim, 'put', `/tenants/aurora/groups/${name}`, {
        displayName: name,
        type: 'unit',
        parent,
      });
    await put('top');
    await put('middle', 'top');
    await put('low', 'middle');
    expect((await put('top', 'low')).status).toBe(400);
    const entities = await portal.tenancy.directory.entities();
    expect(entities).toContainEqual({
      tenant: 'aurora',
      entity: {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Group',
        metadata: { namespace: 'aurora', name: 'middle' },
        spec: {
          type: 'unit',
          profile: { displayName: 'middle' },
          parent: 'group:aurora/top',
          children: [],
        },
      },
    });
    expect(entities).toContainEqual({
      tenant: 'default',
      entity: expect.objectContaining({
        kind: 'User',
        metadata: { namespace: 'default', name: 'pat' },
        spec: {
          profile: { displayName: 'Pat Platform' },
          // the platform's people are no tenant's business
          memberOf: [],
        },
      }),
    });
    await portal.as(kim, 'delete', '/tenants/aurora/groups/middle');
    const { body } = await portal.as(vic, 'get', '/tenants/aurora/groups');
    expect(body.items).toEqual([
      expect.not.objectContaining({ parent: expect.anything() }),
      expect.objectContaining({ name: 'top' }),
    ]);
  });

  it('refuses an identity that another member of the tenant has', async () => {
    const identity = { issuer: 'https://id.example.org', subject: '4711' };
    const put = (name: string) =>
      portal.as(kim, 'put', `/tenants/aurora/members/${name}`, {
        displayName: name,
        roles: ['viewer'],
        identity,
      });
    expect((await put('robin')).status).toBe(201);
    const response = await put('vic');
    expect(response.status).toBe(409);
  });

  it('ends the sessions of a person whose identity changes', async () => {
    const path = '/tenants/aurora/members/mel';
    const mel = { displayName: 'Mel', roles: ['viewer'] };
    await portal.as(kim, 'put', path, mel);
    const authorization = await portal.signIn('user:aurora/mel');
    const identity = { issuer: 'https://id.example.org', subject: 'victim' };
    await portal.as(pat, 'put', '/tenants/borealis/members/victim', {
      ...mel,
      identity,
    });
    await portal.as(kim, 'put', path, { ...mel, identity });
    // Otherwise one could claim an identity and read its memberships.
    const me = portal.anonymous('get', '/me');
    expect((await me.set('authorization', authorization)).status).toBe(401);
  });
});
