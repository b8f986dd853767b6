import { createPublicKey } from 'node:crypto';
import { createTenancyService } from '@portico/plugin-tenancy-backend';
import { decodeJwt, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { OidcScene } from '../__testUtils__/OidcScene';
import { createSigningKey } from '../__testUtils__/OpenIdProvider';
import { UserAgent } from '../__testUtils__/UserAgent';

// A portal has to start first, which takes its time on a busy machine.
jest.setTimeout(60_000);

describe('an ID token', () => {
  let scene: OidcScene;

  beforeAll(async () => {
    scene = await OidcScene.start();
  });
  afterAll(async () => {
    await scene?.stop();
  });
  afterEach(() => {
    scene.liar.lie = async (_claims, idToken) => idToken;
    jest.restoreAllMocks();
  });

  const sign = (
    claims: JWTPayload,
    signingKey = scene.key,
    id = signingKey.id,
  ) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: id })
      .sign(signingKey.privateKey);
  const now = () => Math.floor(Date.now() / 1000);

  it('is taken when the endpoint tells the truth', async () => {
    scene.liar.lie = async claims => sign(claims);
    const { response } = await new UserAgent(scene.portal.url).signIn(
      'kim',
      'lied',
    );
    expect(response?.backstageIdentity.identity.userEntityRef).toBe(
      'user:aurora/kim',
    );
  });

  // Sessions of one person and second are one, so each is of somebody else.
  it.each([
    ['an hour ago', now() - 3600, 'before', 'kim'],
    ['in the future', now() + 3600, 'with the token', 'sam'],
    ['at no time', undefined, 'unknown', 'nameless'],
    ['at what is no time', 'today', 'unknown', 'kim'],
  ])(
    'may say that the person signed in %s',
    async (_when, auth_time, expected, account) => {
      scene.liar.lie = async ({ auth_time: _, ...claims }) =>
        sign({ ...claims, ...(auth_time !== undefined && { auth_time }) });
      const agent = new UserAgent(scene.portal.url);
      const { response } = await agent.signIn(account, 'lied');
      const { sub, iat } = decodeJwt(String(response?.backstageIdentity.token));
      const issuedAt = Number(iat);
      const { authenticatedAt } = await createTenancyService({
        database: scene.portal.testDatabase.database,
      }).sessions.check({ userRef: String(sub), issuedAt });
      const when = new Map([
        [undefined, 'unknown'],
        [issuedAt * 1000, 'with the token'],
        [Number(auth_time) * 1000, 'before'],
      ]).get(authenticatedAt?.getTime());
      expect(when).toBe(expected);
    },
  );

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
      async claims =>
        sign(claims, await createSigningKey('foreign'), scene.key.id),
    ],
    [
      'signed with the public key as a shared secret',
      /unexpected JWT alg received/,
      claims =>
        new SignJWT(claims)
          .setProtectedHeader({ alg: 'HS256', kid: scene.key.id })
          .sign(
            new TextEncoder().encode(
              createPublicKey({
                key: { ...scene.key.privateJwk },
                format: 'jwk',
              })
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
    scene.liar.lie = async claims => lie(claims);
    const agent = new UserAgent(scene.portal.url);

    const { response, error } = await agent.signIn('kim', 'lied');

    expect(response).toBeUndefined();
    expect(error?.message).toMatch(reason);
  });

  it('is checked on refresh as well', async () => {
    const agent = new UserAgent(scene.portal.url);
    await agent.signIn('kim', 'lied');
    expect((await agent.refresh('lied')).status).toBe(200);

    for (const lie of [
      async (claims: JWTPayload) =>
        sign({ ...claims, iss: 'https://x.example' }),
      async (claims: JWTPayload) => sign({ ...claims, sub: 'sam' }),
      async (claims: JWTPayload) => new UnsecuredJWT(claims).encode(),
      async () => '',
    ]) {
      scene.liar.lie = lie;
      expect((await agent.refresh('lied')).status).toBe(401);
    }
  });

  it('is taken with a rotated key, and no longer with the old one', async () => {
    const agent = new UserAgent(scene.portal.url);
    await agent.signIn('kim', 'lied');
    const old = scene.key;
    await scene.rotateKey();
    // Unknown keys are looked up once a minute at most.
    const realNow = Date.now.bind(Date);
    jest.spyOn(Date, 'now').mockImplementation(() => realNow() + 61_000);

    const rotated = await new UserAgent(scene.portal.url).signIn('kim', 'lied');
    expect(rotated.error).toBeUndefined();
    expect(rotated.response?.backstageIdentity.identity.userEntityRef).toBe(
      'user:aurora/kim',
    );

    scene.liar.lie = async claims => sign(claims, old);
    const { response } = await new UserAgent(scene.portal.url).signIn(
      'kim',
      'lied',
    );
    expect(response).toBeUndefined();
  });
});
