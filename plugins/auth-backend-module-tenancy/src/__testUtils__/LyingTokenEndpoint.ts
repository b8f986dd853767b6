import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { decodeJwt, type JWTPayload } from 'jose';

/** Makes another ID token of the true one. */
export type Lie = (claims: JWTPayload, idToken: string) => Promise<string>;

/**
 * Stands between Portico and the token endpoint of the provider and replaces the
 * ID token by a lie. Its metadata are the provider's, but for that endpoint.
 */
export class LyingTokenEndpoint {
  static async start(issuer: string): Promise<LyingTokenEndpoint> {
    const endpoint = new LyingTokenEndpoint(issuer);
    endpoint.server.listen(0, '127.0.0.1');
    await once(endpoint.server, 'listening');
    return endpoint;
  }

  /** What it says instead of the truth. */
  lie: Lie = async (_claims, idToken) => idToken;

  private readonly server: Server;

  private constructor(issuer: string) {
    this.server = createServer((request, response) => {
      const answer =
        request.url === '/token'
          ? this.relay(`${issuer}/token`, request)
          : this.metadata(issuer);
      answer
        .then(({ status, body }) =>
          response
            .writeHead(status, { 'content-type': 'application/json' })
            .end(JSON.stringify(body)),
        )
        .catch(error => response.writeHead(500).end(String(error)));
    });
  }

  get metadataUrl(): string {
    return `${this.url}/.well-known/openid-configuration`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  private async metadata(issuer: string) {
    const truth = await fetch(`${issuer}/.well-known/openid-configuration`);
    const body = (await truth.json()) as Record<string, unknown>;
    return {
      status: truth.status,
      body: { ...body, token_endpoint: `${this.url}/token` },
    };
  }

  private async relay(
    url: string,
    request: AsyncIterable<Buffer> & {
      headers: { authorization?: string; 'content-type'?: string };
    },
  ) {
    const chunks = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const truth = await fetch(url, {
      method: 'POST',
      headers: {
        authorization: request.headers.authorization ?? '',
        'content-type': request.headers['content-type'] ?? '',
      },
      body: Buffer.concat(chunks),
    });
    const body = (await truth.json()) as { id_token?: string };
    if (!body.id_token) {
      return { status: truth.status, body };
    }
    return {
      status: truth.status,
      body: {
        ...body,
        id_token: await this.lie(decodeJwt(body.id_token), body.id_token),
      },
    };
  }
}
