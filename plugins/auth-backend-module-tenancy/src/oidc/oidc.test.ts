import { createPublicKey } from 'node:crypto';
import { createTenancyService } from '@portico/plugin-tenancy-backend';
import { type TenancyService } from '@portico/plugin-tenancy-node';
import { decodeJwt, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { LyingTokenEndpoint } from '../__testUtils__/LyingTokenEndpoint';
import {
  createSigningKey,
  OpenIdProvider,
  type SigningKey,
} from '../__testUtils__/OpenIdProvider';
import { PortalUser } from '../__testUtils__/PortalUser';
import { startPortal, type TestPortal } from '../__testUtils__/startPortal';
import { UserAgent } from '../__testUtils__/UserAgent';

const accounts = {
  kim: { email: 'kim@aurora.example', email_verified: true, name: 'Kim' },
  sam: { email: 'sam@aurora.example', email_verified: true, name: 'Sam' },
  stranger: { email: 'kim@aurora.example', email_verified: true },
  unverified: { email: 'una@aurora.example', email_verified: false },
  unknowing: { email: 'una@aurora.example' },
  nameless: {},
};

// A portal has to start first, which takes its time on a busy machine.
jest.setTimeout(60_000);

describe('sign-in by OpenID provider', () => {
  let provider: OpenIdProvider;
  let liar: LyingTokenEndpoint;
  let key: SigningKey;
  let administrator: PortalUser;
  let tenancy: TenancyService;
  let portal: TestPortal;

  const configureProvider = () =>
    provider.configure({
      redirectUri: `${portal.url}/api/auth/oidc/handler/frame`,
      key,
      accounts,
    });

  beforeAll(async () => {
    provider = await OpenIdProvider.start();
    liar = await LyingTokenEndpoint.start(provider.issuer);
    key = await createSigningKey('first');
    const client = {
      clientId: 'portico',
      clientSecret: 'portico-test-secret',
    };
    // The provider answers only from the configuration below on: Portico has to
    // live with one that is late.
    portal = await startPortal({
      oidc: {
        development: {
          ...client,
          metadataUrl: `${provider.issuer}/.well-known/openid-configuration`,
        },
        lied: {
          ...client,
          metadataUrl: liar.metadataUrl,
          issuer: provider.issuer,
        },
        strict: {
          ...client,
          metadataUrl: `${provider.issuer}/.well-known/openid-configuration`,
          requireEmail: true,
        },
        impostor: { ...client, metadataUrl: liar.metadataUrl },
      },
    });
    await configureProvider();
    tenancy = createTenancyService({ database: portal.testDatabase.database });
    administrator = await PortalUser.persona(portal.url, 'user:default/pat');

    const issuer = provider.issuer;
    await administrator.putPerson('user:aurora/kim', {
      identity: { issuer, subject: 'kim' },
      groups: ['checkout'],
    });
    await administrator.putPerson('user:borealis/kim-lee', {
      identity: { issuer, subject: 'kim' },
    });
    for (const name of ['sam', 'unverified', 'unknowing', 'nameless']) {
      await administrator.putPerson(`user:aurora/${name}`, {
        identity: { issuer, subject: name },
      });
    }
    await administrator.putPerson('user:borealis/sam', {
      identity: { issuer: 'https://elsewhere.example', subject: 'sam' },
    });
  });

  afterAll(async () => {
    await portal?.stop();
    await liar?.stop();
    await provider?.stop();
  });

  afterEach(() => {
    liar.lie = async (_claims, idToken) => idToken;
    jest.restoreAllMocks();
  });

  const sessionOf = (token: string) => {
    const { sub, iat } = decodeJwt(token);
    return { userRef: String(sub), issuedAt: Number(iat) };
  };

  it('gives a person of the provider a recorded session of their membership', async () => {
    const agent = new UserAgent(portal.url);

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

  it('keeps the tokens of the provider out of the browser', async () => {
    const agent = new UserAgent(portal.url);

    const { response } = await agent.signIn('kim');
    const refreshed = await (await agent.refresh()).json();

    for (const info of [response?.providerInfo, refreshed.providerInfo]) {
      expect(info.accessToken).toBe('');
      expect(info).not.toHaveProperty('idToken');
    }
  });

  it('lets a person switch between their tenants, and to no other', async () => {
    const agent = new UserAgent(portal.url);
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

    const other = new UserAgent(portal.url);
    await other.wishFor('borealis');
    const { response } = await other.signIn('kim');
    expect(response?.backstageIdentity.identity.userEntityRef).toBe(
      'user:borealis/kim-lee',
    );
  });

  it('knows people by issuer and subject, never by e-mail address', async () => {
    const { error } = await new UserAgent(portal.url).signIn('stranger');
    expect(error?.name).toBe('NotAllowedError');
    expect(error?.message).toContain('You are not a member of any tenant');

    const agent = new UserAgent(portal.url);
    await agent.wishFor('borealis');
    const { response } = await agent.signIn('sam');
    expect(response?.backstageIdentity.identity.userEntityRef).toBe(
      'user:aurora/sam',
    );
  });

  it('refuses an e-mail address that the provider does not vouch for', async () => {
    for (const account of ['unverified', 'unknowing']) {
      const agent = new UserAgent(portal.url);
      const { error, response } = await agent.signIn(account);
      expect(response).toBeUndefined();
      expect(error?.message).toContain('e-mail address is not verified');
      // No refresh token was handed out either.
      expect((await agent.refresh()).status).toBe(401);
    }
  });

  it('takes an account without an e-mail address, unless one is required', async () => {
    const { response } = await new UserAgent(portal.url).signIn('nameless');
    expect(response?.backstageIdentity.identity.userEntityRef).toBe(
      'user:aurora/nameless',
    );

    const strict = await new UserAgent(portal.url).signIn('nameless', 'strict');
    expect(strict.error?.message).toContain('has no e-mail address');
  });

  it('refuses a person who was disabled, at the next refresh and sign-in', async () => {
    const identity = { issuer: provider.issuer, subject: 'sam' };
    const agent = new UserAgent(portal.url);
    const { response } = await agent.signIn('sam');
    const token = String(response?.backstageIdentity.token);
    expect((await agent.refresh()).status).toBe(200);

    await administrator.putPerson('user:aurora/sam', { disabled: true });

    await expect(tenancy.sessions.check(sessionOf(token))).rejects.toThrow(
      'The session is over',
    );
    expect((await agent.refresh()).status).toBe(401);
    expect((await agent.signIn('sam')).error?.message).toContain(
      'your membership is disabled',
    );

    await administrator.removePerson('user:aurora/sam');
    expect((await agent.refresh()).status).toBe(401);
    await administrator.putPerson('user:aurora/sam', { identity });
    expect((await agent.signIn('sam')).response).toBeDefined();
  });

  describe('the answer of the provider', () => {
    it('counts once', async () => {
      const agent = new UserAgent(portal.url);
      const callback = await agent.signInAtProvider('kim', 'development');
      expect((await agent.openCallback(callback)).response).toBeDefined();

      const again = await agent.openCallback(callback);

      expect(again.response).toBeUndefined();
      expect(again.error?.message).toMatch(/Authentication failed|rejected/);
    });

    it('counts only in the browser that asked', async () => {
      const victim = new UserAgent(portal.url);
      const callback = await victim.signInAtProvider('kim', 'development');

      const bare = new UserAgent(portal.url);
      expect((await bare.openCallback(callback)).error?.message).toContain(
        'missing cookie nonce',
      );

      // The code of one sign-in with the state of another.
      const thief = new UserAgent(portal.url);
      const own = new URL(await thief.signInAtProvider('sam', 'development'));
      const code = String(new URL(callback).searchParams.get('code'));
      own.searchParams.set('code', code);
      const stolen = await thief.openCallback(own.href);
      expect(stolen.response).toBeUndefined();
      expect(stolen.error).toBeDefined();
    });

    it('counts only with the state that was sent', async () => {
      const tamper = async (change: (state: URLSearchParams) => void) => {
        const agent = new UserAgent(portal.url);
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
        `${portal.url}/api/auth/oidc/start?${new URLSearchParams({
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
        `${portal.url}/api/auth/oidc/handler/frame?state=${Buffer.from(
          state.toString(),
        ).toString('hex')}`,
        { redirect: 'manual' },
      );
      expect(response.status).toBe(403);
      expect(response.headers.get('location')).toBeNull();
    });
  });

  describe('an ID token', () => {
    const sign = (claims: JWTPayload, signingKey = key, id = signingKey.id) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid: id })
        .sign(signingKey.privateKey);
    const now = () => Math.floor(Date.now() / 1000);

    it('is taken when the endpoint tells the truth', async () => {
      liar.lie = async claims => sign(claims);
      const { response } = await new UserAgent(portal.url).signIn(
        'kim',
        'lied',
      );
      expect(response?.backstageIdentity.identity.userEntityRef).toBe(
        'user:aurora/kim',
      );
    });

    it.each<[string, RegExp, (claims: JWTPayload) => Promise<string>]>([
      [
        'of another issuer',
        /unexpected iss value/,
        claims => sign({ ...claims, iss: 'https://elsewhere.example' }),
      ],
      [
        'of a sub-path of the issuer',
        /unexpected iss value/,
        claims => sign({ ...claims, iss: `${claims.iss}/other` }),
      ],
      [
        'with another nonce',
        /nonce mismatch/,
        claims => sign({ ...claims, nonce: 'of-another-sign-in' }),
      ],
      [
        'without a nonce',
        /nonce mismatch/,
        ({ nonce: _, ...claims }) => sign(claims),
      ],
      [
        'for another audience',
        /aud mismatch/,
        claims => sign({ ...claims, aud: 'other' }),
      ],
      [
        'for several audiences, made for another party',
        /azp mismatch/,
        claims => sign({ ...claims, aud: ['portico', 'other'], azp: 'other' }),
      ],
      [
        'that has expired',
        /JWT expired/,
        claims => sign({ ...claims, iat: now() - 7200, exp: now() - 3600 }),
      ],
      [
        'of somebody else than user info',
        /userinfo sub mismatch/,
        claims => sign({ ...claims, sub: 'sam' }),
      ],
      [
        'without a subject',
        /missing required JWT property sub/,
        ({ sub: _, ...claims }) => sign(claims),
      ],
      [
        'without a signature',
        /unexpected JWT alg received/,
        async claims => new UnsecuredJWT(claims).encode(),
      ],
      [
        'signed with a key that the provider does not have',
        /no valid key found/,
        async claims => sign(claims, await createSigningKey('unknown')),
      ],
      [
        'signed with a foreign key under the name of the real one',
        /failed to validate JWT signature/,
        async claims => sign(claims, await createSigningKey('foreign'), key.id),
      ],
      [
        'signed with the public key as a shared secret',
        /unexpected JWT alg received/,
        claims =>
          new SignJWT(claims)
            .setProtectedHeader({ alg: 'HS256', kid: key.id })
            .sign(
              new TextEncoder().encode(
                createPublicKey({ key: { ...key.privateJwk }, format: 'jwk' })
                  .export({ type: 'spki', format: 'pem' })
                  .toString(),
              ),
            ),
      ],
      [
        'signed with the client secret',
        /unexpected JWT alg received/,
        claims =>
          new SignJWT(claims)
            .setProtectedHeader({ alg: 'HS256' })
            .sign(new TextEncoder().encode('portico-test-secret')),
      ],
      [
        'whose payload was changed after signing',
        /failed to validate JWT signature/,
        async claims => {
          const [header, , signature] = (await sign(claims)).split('.');
          const payload = Buffer.from(
            JSON.stringify({ ...claims, email: 'other@aurora.example' }),
          ).toString('base64url');
          return [header, payload, signature].join('.');
        },
      ],
      ['that is no token', /failed to decode JWT/, async () => 'nonsense'],
      ['that is empty', /id_token not present/, async () => ''],
      [
        'with another e-mail address than user info',
        /e-mail address is not verified/,
        claims => sign({ ...claims, email: 'other@aurora.example' }),
      ],
    ])('%s is refused', async (_what, reason, lie) => {
      liar.lie = async claims => lie(claims);
      const agent = new UserAgent(portal.url);

      const { response, error } = await agent.signIn('kim', 'lied');

      expect(response).toBeUndefined();
      expect(error?.message).toMatch(reason);
    });

    it('is checked on refresh as well', async () => {
      const agent = new UserAgent(portal.url);
      await agent.signIn('kim', 'lied');
      expect((await agent.refresh('lied')).status).toBe(200);

      for (const lie of [
        async (claims: JWTPayload) =>
          sign({ ...claims, iss: 'https://x.example' }),
        async (claims: JWTPayload) => sign({ ...claims, sub: 'sam' }),
        async (claims: JWTPayload) => new UnsecuredJWT(claims).encode(),
        async () => '',
      ]) {
        liar.lie = lie;
        expect((await agent.refresh('lied')).status).toBe(401);
      }
    });

    it('is taken with a rotated key, and no longer with the old one', async () => {
      const agent = new UserAgent(portal.url);
      await agent.signIn('kim', 'lied');
      const old = key;
      key = await createSigningKey('second');
      await configureProvider();
      // Unknown keys are looked up once a minute at most.
      const realNow = Date.now.bind(Date);
      jest.spyOn(Date, 'now').mockImplementation(() => realNow() + 61_000);

      const rotated = await new UserAgent(portal.url).signIn('kim', 'lied');
      expect(rotated.error).toBeUndefined();
      expect(rotated.response?.backstageIdentity.identity.userEntityRef).toBe(
        'user:aurora/kim',
      );

      liar.lie = async claims => sign(claims, old);
      const { response } = await new UserAgent(portal.url).signIn(
        'kim',
        'lied',
      );
      expect(response).toBeUndefined();
    });
  });

  it('does not use a provider whose metadata name another issuer', async () => {
    const response = await fetch(
      `${portal.url}/api/auth/oidc/start?env=impostor`,
      { redirect: 'manual' },
    );
    expect(response.status).toBe(503);
  });
});
