import { pluginAuditContext } from '@portico/plugin-audit-node';
import { kim, TenancyPortal } from '../__testUtils__/TenancyPortal';

const by = pluginAuditContext('test');

jest.setTimeout(60_000);

describe('addTokenRoutes', () => {
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

  it('shows the secret once, and refuses what was revoked', async () => {
    const created = await portal.as(kim, 'post', '/tenants/aurora/tokens', {
      name: 'ci',
      scopes: ['git:read', 'catalog:read'],
      expiresInDays: 1,
    });
    expect(created.status).toBe(201);
    const { token, machineToken } = created.body;
    await expect(
      portal.tenancy.directory.findByMachineToken(token, by),
    ).resolves.toEqual({
      userRef: 'user:aurora/bot-ci',
      scopes: ['catalog:read', 'git:read'],
    });
    const list = await portal.as(kim, 'get', '/tenants/aurora/tokens');
    // The secret itself may have an underscore.
    const secret = token.split('_').slice(3).join('_');
    expect(JSON.stringify(list.body)).not.toContain(secret);
    expect(list.body.items).toEqual([
      {
        ...machineToken,
        createdBy: kim,
        lastUsedAt: expect.any(String),
      },
    ]);
    const authorization = await portal.signIn('user:aurora/bot-ci', [
      'catalog:read',
    ]);
    const me = () =>
      portal.anonymous('get', '/me').set('authorization', authorization);
    expect((await me()).status).toBe(200);

    const path = `/tenants/aurora/tokens/${machineToken.id}`;
    expect((await portal.as(kim, 'delete', path)).status).toBe(204);
    expect((await portal.as(kim, 'delete', path)).status).toBe(204);
    await expect(
      portal.tenancy.directory.findByMachineToken(token, by),
    ).rejects.toThrow('The machine token is unknown, expired or revoked');
    expect((await me()).status).toBe(401);
    const none = '/tenants/aurora/tokens/0123456789abcdef';
    expect((await portal.as(kim, 'delete', none)).status).toBe(404);
  });
});
