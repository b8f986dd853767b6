import { createServer, type Server } from 'http';
import { type AddressInfo } from 'net';

/** A user as Keycloak's admin API shows one. */
export interface RealmUser {
  id: string;
  username: string;
  firstName?: string;
  lastName?: string;
  email?: string;
  enabled: boolean;
}

/** A group of a realm, with the ids of those in it. */
export interface RealmGroup {
  id: string;
  name: string;
  parent?: string;
  members: string[];
}

const SECRET = 'the secret of the service account';

/**
 * The part of Keycloak 26 that the portal reads: sign-in of a service account, users,
 * groups and members in pages. What it does not know it refuses, like the real one.
 */
export class StandInKeycloak {
  static async start(): Promise<StandInKeycloak> {
    const server = createServer();
    const keycloak = new StandInKeycloak(server);
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return keycloak;
  }

  users: RealmUser[] = [];
  groups: RealmGroup[] = [];
  /** Answers every question with this status. */
  broken: number | undefined;
  /** Leaves somebody out of lists, as pages do while others change them. */
  hidden: string | undefined;
  /** Tokens that count. */
  tokens = new Set<string>();
  #made = 0;

  private constructor(readonly server: Server) {
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', chunk => chunks.push(chunk));
      request.on('end', () => {
        const { status, body } = this.#answer({
          method: request.method ?? '',
          url: new URL(request.url ?? '/', 'http://127.0.0.1'),
          authorization: request.headers.authorization ?? '',
          body: Buffer.concat(chunks).toString('utf8'),
        });
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What the configuration of the portal names. */
  get config() {
    return {
      tenant: 'aurora',
      url: this.url,
      realm: 'aurora',
      clientId: 'portico-directory',
      clientSecret: SECRET,
    };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(resolve => {
      this.server.close(resolve);
    });
  }

  #answer(request: {
    method: string;
    url: URL;
    authorization: string;
    body: string;
  }): { status: number; body: unknown } {
    const { method, url } = request;
    if (this.broken !== undefined) {
      return { status: this.broken, body: { error: 'unknown_error' } };
    }
    if (url.pathname === '/realms/aurora/protocol/openid-connect/token') {
      const form = new URLSearchParams(request.body);
      const isRight =
        method === 'POST' &&
        form.get('grant_type') === 'client_credentials' &&
        form.get('client_id') === 'portico-directory' &&
        form.get('client_secret') === SECRET;
      if (!isRight) {
        return { status: 401, body: { error: 'unauthorized_client' } };
      }
      const token = `token-${(this.#made += 1)}`;
      this.tokens.add(token);
      return { status: 200, body: { access_token: token, expires_in: 60 } };
    }
    if (!this.tokens.has(request.authorization.replace(/^Bearer /, ''))) {
      return { status: 401, body: { error: 'HTTP 401 Unauthorized' } };
    }
    const path = url.pathname.replace('/admin/realms/aurora/', '');
    const [kind, id, part] = path.split('/');
    const list = (items: object[]) => {
      const first = Number(url.searchParams.get('first') ?? Number.NaN);
      const max = Number(url.searchParams.get('max') ?? Number.NaN);
      return Number.isNaN(first + max)
        ? { status: 400, body: { error: 'Only pages are read' } }
        : { status: 200, body: items.slice(first, first + max) };
    };
    const shown = this.users.filter(user => user.id !== this.hidden);
    if (method === 'GET' && kind === 'users' && id === undefined) {
      return list(shown);
    }
    if (method === 'GET' && kind === 'users' && part === undefined) {
      const user = this.users.find(one => one.id === id);
      return user
        ? { status: 200, body: user }
        : { status: 404, body: { error: 'User not found' } };
    }
    if (method === 'GET' && kind === 'groups' && id === undefined) {
      return list(this.#groupsBelow(undefined));
    }
    const group = this.groups.find(one => one.id === id);
    if (method === 'GET' && kind === 'groups' && group) {
      if (part === 'children') {
        return list(this.#groupsBelow(group.id));
      }
      if (part === 'members') {
        return list(shown.filter(user => group.members.includes(user.id)));
      }
    }
    return { status: 404, body: { error: 'HTTP 404 Not Found' } };
  }

  #groupsBelow(parent: string | undefined) {
    return this.groups
      .filter(group => group.parent === parent)
      .map(({ id, name }) => ({
        id,
        name,
        path: `/${name}`,
        subGroupCount: this.groups.filter(one => one.parent === id).length,
      }));
  }
}
