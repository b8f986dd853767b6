import { PERSONA_ISSUER } from '@portico/plugin-tenancy-common';
import { PortalUser } from '../__testUtils__/PortalUser';
import { startPortal, type TestPortal } from '../__testUtils__/startPortal';

// A portal has to start first, which takes its time on a busy machine.
jest.setTimeout(60_000);

describe('sign-in of a device', () => {
  let portal: TestPortal;
  let administrator: PortalUser;
  let anonymous: PortalUser;
  let kim: PortalUser;

  beforeAll(async () => {
    portal = await startPortal({ device: {} });
    anonymous = new PortalUser(portal.url);
    administrator = await PortalUser.persona(portal.url, 'user:default/pat');
    for (const userRef of ['user:aurora/kim', 'user:aurora/alex']) {
      await administrator.putPerson(userRef, {
        identity: { issuer: PERSONA_ISSUER, subject: userRef },
      });
    }
    kim = await PortalUser.persona(portal.url, 'user:aurora/kim');
  });
  afterAll(async () => {
    await portal?.stop();
  });

  const start = async () =>
    (await anonymous.send('POST', '/api/tenancy/device/start', {})).body as {
      deviceCode: string;
      userCode: string;
    };
  const poll = (deviceCode: string) =>
    fetch(`${portal.url}/api/auth/device/refresh`, {
      headers: { 'x-portico-device-code': deviceCode },
    });

  it('waits for a person, and gives their session once', async () => {
    const { deviceCode, userCode } = await start();
    expect((await poll(deviceCode)).status).toBe(401);

    await kim.send('POST', '/api/tenancy/device/approve', { userCode });
    const response = await poll(deviceCode);

    expect(response.status).toBe(200);
    const { backstageIdentity } = await response.json();
    expect(backstageIdentity.identity.userEntityRef).toBe('user:aurora/kim');
    const device = new PortalUser(portal.url, backstageIdentity.token);
    expect((await device.get('/api/tenancy/me')).body.userRef).toBe(
      'user:aurora/kim',
    );
    expect((await poll(deviceCode)).status).toBe(401);
  });

  it.each([1_700_000_000, null])(
    'knows what the approving session knew of the sign-in (%s), and takes no approval for one',
    async signedInAt => {
      const inAurora = (sql: string) =>
        portal.testDatabase.database.inTenant('aurora', transaction =>
          transaction.raw(sql, [signedInAt]),
        );
      await inAurora(
        `update portico_tenancy.sessions set authenticated_at = ?
          where member = 'kim'`,
      );
      const { deviceCode, userCode } = await start();
      await kim.send('POST', '/api/tenancy/device/approve', { userCode });
      expect((await poll(deviceCode)).status).toBe(200);
      const { rows } = await inAurora(
        `select method from portico_tenancy.sessions
          where member = 'kim' and authenticated_at is distinct from ?`,
      );
      expect(rows).toEqual([]);
    },
  );

  it('gives one of many racing polls the session', async () => {
    const { deviceCode, userCode } = await start();
    await kim.send('POST', '/api/tenancy/device/approve', { userCode });

    const answers = await Promise.all(
      Array.from({ length: 8 }, () => poll(deviceCode)),
    );

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(7);
  });

  it('refuses when the person was disabled after the approval', async () => {
    const alex = await PortalUser.persona(portal.url, 'user:aurora/alex');
    const { deviceCode, userCode } = await start();
    await alex.send('POST', '/api/tenancy/device/approve', { userCode });

    await administrator.putPerson('user:aurora/alex', { disabled: true });

    expect((await poll(deviceCode)).status).toBe(401);
  });

  it('refuses what is no device code', async () => {
    const { userCode } = await start();
    for (const wrong of ['', userCode, 'a'.repeat(43), 'a'.repeat(4000)]) {
      expect((await poll(wrong)).status).toBe(401);
    }
    const bare = await fetch(`${portal.url}/api/auth/device/refresh`);
    expect(bare.status).toBe(401);
  });
});
