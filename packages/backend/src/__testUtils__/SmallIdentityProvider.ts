import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

/**
 * As much of an OpenID provider as one sign-in needs. It knows one account at a time and
 * asks for no password; the sign-in itself is tested against a real provider elsewhere.
 */
export class SmallIdentityProvider {
  static async start(): Promise<SmallIdentityProvider> {
    const provider = new SmallIdentityProvider();
    provider.#server.listen(0, '127.0.0.1');
    await once(provider.#server, 'listening');
    return provider;
  }

  /** Who signs in next. */
  account = 'nobody';
  /** Codes and tokens that were handed out. */
  readonly handedOut: string[] = [];
  readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  readonly #grants = new Map<string, { sub: string; nonce?: string }>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request)
        .then(({ location, body }) =>
          response
            .writeHead(location ? 302 : 200, {
              'content-type': 'application/json',
              ...(location && { location }),
            })
            .end(JSON.stringify(body ?? {})),
        )
        .catch(error => response.writeHead(500).end(String(error)));
    });
  }

  get issuer(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(
    request: IncomingMessage,
  ): Promise<{ location?: string; body?: object }> {
    const { issuer } = this;
    const url = new URL(request.url ?? '/', issuer);
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return {
          body: {
            issuer,
            authorization_endpoint: `${issuer}/auth`,
            token_endpoint: `${issuer}/token`,
            userinfo_endpoint: `${issuer}/userinfo`,
            jwks_uri: `${issuer}/jwks`,
            response_types_supported: ['code'],
            subject_types_supported: ['public'],
            id_token_signing_alg_values_supported: ['RS256'],
          },
        };
      case '/jwks': {
        const key = this.#keys.publicKey.export({ format: 'jwk' });
        return {
          body: { keys: [{ ...key, kid: 'one', alg: 'RS256', use: 'sig' }] },
        };
      }
      case '/auth': {
        const back = new URL(url.searchParams.get('redirect_uri') ?? issuer);
        back.searchParams.set('state', url.searchParams.get('state') ?? '');
        back.searchParams.set(
          'code',
          this.#grant(this.account, url.searchParams.get('nonce') ?? undefined),
        );
        return { location: back.href };
      }
      case '/token': {
        const form = new URLSearchParams(await textOf(request));
        const grant = this.#grants.get(
          form.get('code') ?? form.get('refresh_token') ?? '',
        );
        if (!grant) {
          throw new Error('No such grant');
        }
        const now = Math.floor(Date.now() / 1000);
        return {
          body: {
            token_type: 'Bearer',
            expires_in: 3600,
            scope: 'openid profile email',
            access_token: this.#grant(grant.sub),
            refresh_token: this.#grant(grant.sub),
            id_token: this.#sign({
              iss: issuer,
              aud: 'portico',
              iat: now,
              exp: now + 3600,
              ...grant,
            }),
          },
        };
      }
      case '/userinfo': {
        const token = request.headers.authorization?.split(' ')[1] ?? '';
        return { body: { sub: this.#grants.get(token)?.sub } };
      }
      default:
        throw new Error(`Nothing at ${url.pathname}`);
    }
  }

  #grant(sub: string, nonce?: string): string {
    const secret = `secret-of-the-provider-${randomUUID()}`;
    this.#grants.set(secret, { sub, ...(nonce && { nonce }) });
    this.handedOut.push(secret);
    return secret;
  }

  #sign(claims: object): string {
    const text = [{ alg: 'RS256', kid: 'one' }, claims]
      .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const signature = createSign('RSA-SHA256')
      .update(text)
      .sign(this.#keys.privateKey, 'base64url');
    return `${text}.${signature}`;
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
