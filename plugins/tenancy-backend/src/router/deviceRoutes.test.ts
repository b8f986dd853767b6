import { pluginAuditContext } from '@portico/plugin-audit-node';
import { kim, lena, TenancyPortal, vic } from '../__testUtils__/TenancyPortal';

const by = pluginAuditContext('test');

jest.setTimeout(60_000);

describe('addDeviceRoutes', () => {
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

  it('lets a device act for whoever approved it, once', async () => {
    const start = await portal.anonymous('post', '/device/start').send({
      client: 'laptop',
    });
    expect(start.body).toEqual({
      deviceCode: expect.stringMatching(/^.{43}$/),
      userCode: expect.stringMatching(/^[B-Z]{4}-[B-Z]{4}$/),
      verificationUri: `http://localhost:7007/device?code=${start.body.userCode}`,
      interval: 3,
      expiresIn: 600,
    });
    const { deviceCode, userCode } = start.body;
    const take = () => portal.tenancy.directory.takeDeviceGrant(deviceCode, by);
    await expect(take()).rejects.toThrow('not approved yet');

    const path = `/device/requests/${userCode.toLowerCase().replace('-', '')}`;
    expect((await portal.as(vic, 'get', path)).body).toMatchObject({
      userCode,
      client: 'laptop',
      status: 'pending',
    });
    const approved = await portal.as(vic, 'post', '/device/approve', {
      userCode,
    });
    expect(approved.body).toMatchObject({ status: 'approved' });
    // Nobody else sees or takes over what was approved.
    expect((await portal.as(lena, 'get', path)).status).toBe(404);
    expect(
      (await portal.as(lena, 'post', '/device/approve', { userCode })).status,
    ).toBe(404);
    await expect(take()).resolves.toEqual({ userRef: vic });
    await expect(take()).rejects.toThrow('used already');
    expect((await portal.as(vic, 'get', path)).status).toBe(404);
  });

  it('forgets an approval when the person changes before it is taken', async () => {
    const { body } = await portal.anonymous('post', '/device/start');
    await portal.as(vic, 'post', '/device/approve', {
      userCode: body.userCode,
    });
    await portal.as(kim, 'put', '/tenants/aurora/members/vic', {
      displayName: 'Vic',
      roles: ['developer'],
    });
    await expect(
      portal.tenancy.directory.takeDeviceGrant(body.deviceCode, by),
    ).rejects.toThrow('The device request is unknown');
  });

  it('refuses a machine and an ill-formed code', async () => {
    await portal.as(kim, 'post', '/tenants/aurora/tokens', {
      name: 'sly',
      scopes: ['git:write'],
    });
    const { body } = await portal.anonymous('post', '/device/start');
    expect(
      (
        await portal.as('user:aurora/bot-sly', 'post', '/device/approve', {
          userCode: body.userCode,
        })
      ).status,
    ).toBe(403);
    expect((await portal.as(vic, 'get', '/device/requests/1')).status).toBe(
      400,
    );
    expect(
      (await portal.as(vic, 'get', '/device/requests/ZZZZ-ZZZZ')).status,
    ).toBe(404);
  });
});
