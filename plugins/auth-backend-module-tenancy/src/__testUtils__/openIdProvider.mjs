// A real OpenID provider on loopback, in a process of its own. The test tells it over
// IPC whom it knows and which keys it signs with; each message starts it afresh, with
// what it has issued so far.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

let handle = (_request, response) => response.writeHead(503).end();
const server = createServer((request, response) => handle(request, response));

server.listen(0, '127.0.0.1', () => {
  process.send({ kind: 'listening', port: server.address().port });
});

process.on('message', ({ redirectUris, keys, accounts }) => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'portico',
        client_secret: 'portico-test-secret',
        redirect_uris: redirectUris,
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    jwks: { keys },
    cookies: { keys: ['cookie-key-of-the-test'] },
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['name'],
    },
    conformIdTokenClaims: false,
    features: { revocation: { enabled: true } },
    pkce: { required: () => true },
    issueRefreshToken: async () => true,
    // A refresh token stays good until it expires: the tests refuse by membership.
    rotateRefreshToken: false,
    findAccount: async (_context, id) =>
      Object.hasOwn(accounts, id)
        ? {
            accountId: id,
            claims: async () => ({ sub: id, ...accounts[id] }),
          }
        : undefined,
    loadExistingGrant: async context => {
      const grant = new context.oidc.provider.Grant({
        clientId: context.oidc.client.clientId,
        accountId: context.oidc.session.accountId,
      });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
  });
  handle = provider.callback();
  process.send({ kind: 'ready' });
});

process.on('disconnect', () => process.exit());
