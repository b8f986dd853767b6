import { PERSONA_ISSUER } from '@portico/plugin-tenancy-common';
import { PortalUser } from '../__testUtils__/PortalUser';
import { startPortal, type TestPortal } from '../__testUtils__/startPortal';

// A portal has to start first, which takes its time on a busy machine.
jest.setTimeout(60_000);

describe('sign-in by machine token', () => {
  let portal: TestPortal;
  let kim: PortalUser;

  beforeAll(async () => {
    portal = await startPortal({ machine: {} });
    const administrator = await PortalUser.persona(
      portal.url,
      'user:default/pat',
    );
    await administrator.putPerson('user:aurora/kim', {
      roles: ['tenant-admin'],
      identity: { issuer: PERSONA_ISSUER, subject: 'user:aurora/kim' },
    });
    kim = await PortalUser.persona(portal.url, 'user:aurora/kim');
  });
  afterAll(async () => {
    await portal?.stop();
  });

  const createToken = async (name: string) => {
    const { body } = await kim.send(
      'POST',
      '/api/tenancy/tenants/aurora/tokens',
      { name, scopes: ['git:read', 'catalog:read'] },
    );
    return { token: String(body.token), id: String(body.machineToken.id) };
  };
  const exchange = (headers: Record<string, string>) =>
    fetch(`${portal.url}/api/auth/machine/refresh`, { headers });
  const exchangeToken = (token: string) =>
    exchange({ 'x-portico-machine-token': token });

  it('gives the user of the machine, bounded by the scopes of the token', async () => {
    const { token } = await createToken('ci');

    const response = await exchangeToken(token);

    expect(response.status).toBe(200);
    const { backstageIdentity, profile, providerInfo } = await response.json();
    expect(backstageIdentity.identity.userEntityRef).toBe('user:aurora/bot-ci');
    expect(backstageIdentity.expiresInSeconds).toBeLessThanOrEqual(3600);
    expect(JSON.stringify({ profile, providerInfo })).not.toContain(token);
    const machine = new PortalUser(portal.url, backstageIdentity.token);
    const { body } = await machine.get('/api/tenancy/me');
    expect(body).toMatchObject({
      userRef: 'user:aurora/bot-ci',
      tenant: { id: 'aurora' },
      roles: [],
    });
    const session = await portal.testDatabase.database.inTenant(
      'aurora',
      transaction =>
        transaction.raw(
          `select method, scopes from portico_tenancy.sessions where member = 'bot-ci'`,
        ),
    );
    expect(session.rows).toEqual([
      { method: 'machine-token', scopes: ['catalog:read', 'git:read'] },
    ]);
  });

  it('is over at once when the token is revoked', async () => {
    const { token, id } = await createToken('deploy');
    const { backstageIdentity } = await (await exchangeToken(token)).json();
    const machine = new PortalUser(portal.url, backstageIdentity.token);
    expect((await machine.get('/api/tenancy/me')).status).toBe(200);

    await kim.send('DELETE', `/api/tenancy/tenants/aurora/tokens/${id}`);

    expect((await machine.get('/api/tenancy/me')).status).toBe(401);
    expect((await exchangeToken(token)).status).toBe(401);
  });

  it('refuses everything that is no live token', async () => {
    const { token } = await createToken('tampered');
    // The secret itself may have an underscore.
    const [, , id, ...rest] = token.split('_');
    const secret = rest.join('_');
    for (const wrong of [
      '',
      'portico_',
      'nonsense',
      `${token}x`,
      token.slice(0, -1),
      token.toUpperCase(),
      `portico_borealis_${id}_${secret}`,
      `portico_aurora_${'0'.repeat(id.length)}_${secret}`,
      `portico_aurora_${id}_${'A'.repeat(secret.length)}`,
      `portico_${'a'.repeat(5000)}`,
    ]) {
      const response = await exchangeToken(wrong);
      expect(response.status).toBe(401);
      const text = await response.text();
      expect(text).not.toContain('backstageIdentity');
      expect(text).not.toContain(secret);
    }
    expect((await exchange({})).status).toBe(401);
    // A bearer token is not what is asked for.
    expect((await exchange({ authorization: `Bearer ${token}` })).status).toBe(
      401,
    );
  });

  it('does not take a user token of a person', async () => {
    const { body } = await kim.get('/api/tenancy/me');
    expect(body.userRef).toBe('user:aurora/kim');
    const persona = await fetch(`${portal.url}/api/auth/persona/refresh`, {
      headers: { 'x-portico-persona': 'user:aurora/kim' },
    });
    const { backstageIdentity } = await persona.json();
    expect((await exchangeToken(backstageIdentity.token)).status).toBe(401);
  });
});
