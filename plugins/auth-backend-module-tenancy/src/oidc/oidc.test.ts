import { createTenancyService } from '@portico/plugin-tenancy-backend';
import { type TenancyService } from '@portico/plugin-tenancy-node';
import { decodeJwt } from 'jose';
import { OidcScene } from '../__testUtils__/OidcScene';
import { UserAgent } from '../__testUtils__/UserAgent';

// A portal has to start first, which takes its time on a busy machine.
jest.setTimeout(60_000);

describe('sign-in by OpenID provider', () => {
  let scene: OidcScene;
  let tenancy: TenancyService;

  beforeAll(async () => {
    scene = await OidcScene.start();
    tenancy = createTenancyService({
      database: scene.portal.testDatabase.database,
    });
  });
  afterAll(async () => {
    await scene?.stop();
  });

  const sessionOf = (token: string) => {
    const { sub, iat } = decodeJwt(token);
    return { userRef: String(sub), issuedAt: Number(iat) };
  };

  it('gives a person of the provider a recorded session of their membership', async () => {
    const agent = new UserAgent(scene.portal.url);

    const { response } = await agent.signIn('kim');

    expect(response?.backstageIdentity.identity).toEqual({
      userEntityRef: 'user:aurora/kim',
      ownershipEntityRefs: ['user:aurora/kim', 'group:aurora/checkout'],
    });
    expect(response?.profile).toEqual({
      displayName: 'Kim',
      email: 'kim@aurora.example',
    });
    const token = String(response?.backstageIdentity.token);
    expect(decodeJwt(token).sub).toBe('user:aurora/kim');
    await expect(
      tenancy.sessions.check(sessionOf(token)),
    ).resolves.toMatchObject({ tenant: 'aurora', userRef: 'user:aurora/kim' });
  });

  it('knows when the person signed in at the provider, also after a refresh', async () => {
    // Sessions of one person and second are one: somebody who did not just sign in.
    const before = Math.floor(Date.now() / 1000) * 1000;
    const agent = new UserAgent(scene.portal.url);
    const signedInAt = async (token: unknown) =>
      (await tenancy.sessions.check(sessionOf(String(token)))).authenticatedAt;

    const { response } = await agent.signIn('nameless');
    const first = await signedInAt(response?.backstageIdentity.token);
    expect(first?.getTime()).toBeGreaterThanOrEqual(before);
    expect(first?.getTime()).toBeLessThanOrEqual(Date.now());

    const refreshed = await (await agent.refresh()).json();
    expect(await signedInAt(refreshed.backstageIdentity.token)).toEqual(first);

    // Without asking who it is, the provider signs in with what it remembers.
    const again = await agent.signIn('nameless');
    expect(await signedInAt(again.response?.backstageIdentity.token)).toEqual(
      first,
    );
  });

  it('keeps the tokens of the provider out of the browser', async () => {
    const agent = new UserAgent(scene.portal.url);

    const { response } = await agent.signIn('kim');
    const refreshed = await (await agent.refresh()).json();

    for (const info of [response?.providerInfo, refreshed.providerInfo]) {
      expect(info.accessToken).toBe('');
      expect(info).not.toHaveProperty('idToken');
    }
  });

  it('lets a person switch between their tenants, and to no other', async () => {
    const agent = new UserAgent(scene.portal.url);
    await agent.signIn('kim');
    const refreshedAs = async () =>
      (await (await agent.refresh()).json()).backstageIdentity.identity
        .userEntityRef;

    await agent.wishFor('borealis');
    expect(await refreshedAs()).toBe('user:borealis/kim-lee');
    await agent.wishFor('aurora');
    expect(await refreshedAs()).toBe('user:aurora/kim');
    await agent.wishFor('default');
    expect(await refreshedAs()).toBe('user:aurora/kim');
    await agent.wishFor('borealis/kim-lee');
    expect(await refreshedAs()).toBe('user:aurora/kim');

    const other = new UserAgent(scene.portal.url);
    await other.wishFor('borealis');
    const { response } = await other.signIn('kim');
    expect(response?.backstageIdentity.identity.userEntityRef).toBe(
      'user:borealis/kim-lee',
    );
  });

  it('knows people by issuer and subject, never by e-mail address', async () => {
    const { error } = await new UserAgent(scene.portal.url).signIn('stranger');
    expect(error?.name).toBe('NotAllowedError');
    expect(error?.message).toContain('You are not a member of any tenant');

    const agent = new UserAgent(scene.portal.url);
    await agent.wishFor('borealis');
    const { response } = await agent.signIn('sam');
    expect(response?.backstageIdentity.identity.userEntityRef).toBe(
      'user:aurora/sam',
    );
  });

  it('refuses an e-mail address that the provider does not vouch for', async () => {
    for (const account of ['unverified', 'unknowing']) {
      const agent = new UserAgent(scene.portal.url);
      const { error, response } = await agent.signIn(account);
      expect(response).toBeUndefined();
      expect(error?.message).toContain('e-mail address is not verified');
      // No refresh token was handed out either.
      expect((await agent.refresh()).status).toBe(401);
    }
  });

  it('takes an account without an e-mail address, unless one is required', async () => {
    const { response } = await new UserAgent(scene.portal.url).signIn(
      'nameless',
    );
    expect(response?.backstageIdentity.identity.userEntityRef).toBe(
      'user:aurora/nameless',
    );

    const strict = await new UserAgent(scene.portal.url).signIn(
      'nameless',
      'strict',
    );
    expect(strict.error?.message).toContain('has no e-mail address');
  });

  it('refuses a person who was disabled, at the next refresh and sign-in', async () => {
    const identity = { issuer: scene.provider.issuer, subject: 'sam' };
    const agent = new UserAgent(scene.portal.url);
    const { response } = await agent.signIn('sam');
    const token = String(response?.backstageIdentity.token);
    expect((await agent.refresh()).status).toBe(200);

    await scene.administrator.putPerson('user:aurora/sam', { disabled: true });

    await expect(tenancy.sessions.check(sessionOf(token))).rejects.toThrow(
      'The session is over',
    );
    expect((await agent.refresh()).status).toBe(401);
    expect((await agent.signIn('sam')).error?.message).toContain(
      'your membership is disabled',
    );

    await scene.administrator.removePerson('user:aurora/sam');
    expect((await agent.refresh()).status).toBe(401);
    await scene.administrator.putPerson('user:aurora/sam', { identity });
    expect((await agent.signIn('sam')).response).toBeDefined();
  });

  it('ends the sign-in at the provider on sign-out', async () => {
    const agent = new UserAgent(scene.portal.url);
    await agent.signIn('kim');
    const cookies = await agent.cookies.getCookieString(
      `${scene.portal.url}/api/auth/oidc/refresh`,
    );
    expect((await agent.refresh()).status).toBe(200);

    const logout = await agent.fetch(
      `${scene.portal.url}/api/auth/oidc/logout?env=development`,
      { method: 'POST', headers: { 'x-requested-with': 'XMLHttpRequest' } },
    );

    expect(logout.status).toBe(200);
    expect((await agent.refresh()).status).toBe(401);
    // Whoever kept the cookie has nothing either.
    const kept = await fetch(
      `${scene.portal.url}/api/auth/oidc/refresh?env=development`,
      { headers: { cookie: cookies, 'x-requested-with': 'XMLHttpRequest' } },
    );
    expect(kept.status).toBe(401);
  });

  describe('the answer of the provider', () => {
    it('counts once', async () => {
      const agent = new UserAgent(scene.portal.url);
      const callback = await agent.signInAtProvider('kim', 'development');
      expect((await agent.openCallback(callback)).response).toBeDefined();

      const again = await agent.openCallback(callback);

      expect(again.response).toBeUndefined();
      expect(again.error?.message).toMatch(/Authentication failed|rejected/);
    });

    it('counts only in the browser that asked', async () => {
      const victim = new UserAgent(scene.portal.url);
      const callback = await victim.signInAtProvider('kim', 'development');

      const bare = new UserAgent(scene.portal.url);
      expect((await bare.openCallback(callback)).error?.message).toContain(
        'missing cookie nonce',
      );

      // The code of one sign-in with the state of another.
      const thief = new UserAgent(scene.portal.url);
      const own = new URL(await thief.signInAtProvider('sam', 'development'));
      const code = String(new URL(callback).searchParams.get('code'));
      own.searchParams.set('code', code);
      const stolen = await thief.openCallback(own.href);
      expect(stolen.response).toBeUndefined();
      expect(stolen.error).toBeDefined();
    });

    it('counts only with the state that was sent', async () => {
      const tamper = async (change: (state: URLSearchParams) => void) => {
        const agent = new UserAgent(scene.portal.url);
        const callback = new URL(
          await agent.signInAtProvider('kim', 'development'),
        );
        const state = new URLSearchParams(
          Buffer.from(
            String(callback.searchParams.get('state')),
            'hex',
          ).toString('utf8'),
        );
        change(state);
        callback.searchParams.set(
          'state',
          Buffer.from(state.toString(), 'utf8').toString('hex'),
        );
        return agent.openCallback(callback.href);
      };

      for (const change of [
        (state: URLSearchParams) =>
          state.set('nonce', 'AAAAAAAAAAAAAAAAAAAAAA=='),
        (state: URLSearchParams) => state.set('env', 'strict'),
        (state: URLSearchParams) => state.set('scope', 'openid everything'),
      ]) {
        const { response, error } = await tamper(change);
        expect(response).toBeUndefined();
        expect(error).toBeDefined();
      }
    });
  });

  describe('the way back', () => {
    const start = (redirectUrl: string) =>
      fetch(
        `${scene.portal.url}/api/auth/oidc/start?${new URLSearchParams({
          env: 'development',
          flow: 'redirect',
          redirectUrl,
        })}`,
        { redirect: 'manual' },
      );

    it('leads to the portal only', async () => {
      expect((await start('http://localhost:3000/catalog')).status).toBe(302);
      for (const elsewhere of [
        'https://elsewhere.example/',
        'http://localhost:3000@elsewhere.example/',
        '//elsewhere.example',
        'data:text/html,elsewhere',
      ]) {
        expect((await start(elsewhere)).status).toBe(403);
      }
    });

    it('cannot be bent by a forged state', async () => {
      const state = new URLSearchParams({
        env: 'development',
        nonce: 'forged',
        flow: 'redirect',
        redirectUrl: 'https://elsewhere.example/',
      });
      const response = await fetch(
        `${scene.portal.url}/api/auth/oidc/handler/frame?state=${Buffer.from(
          state.toString(),
        ).toString('hex')}`,
        { redirect: 'manual' },
      );
      expect(response.status).toBe(403);
      expect(response.headers.get('location')).toBeNull();
    });
  });

  it('does not use a provider whose metadata name another issuer', async () => {
    const response = await fetch(
      `${scene.portal.url}/api/auth/oidc/start?env=impostor`,
      { redirect: 'manual' },
    );
    expect(response.status).toBe(503);
  });
});
