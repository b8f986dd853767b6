import { type AuthService } from '@backstage/backend-plugin-api';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import { parseResourceName } from '@portico/plugin-bindings-common';
import { type BindingsService } from '@portico/plugin-bindings-node';
import { type GitHostClient } from './client/GitHostClient';
import { type HostApiOptions } from './client/HostApi';
import { connectGitea } from './gitea/GiteaClient';
import { connectGitHub } from './github/GitHubClient';
import { connectGitLab } from './gitlab/GitLabClient';
import { type GitHost } from './readGitHosts';

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;

/** What a kind of host is opened with. */
export interface Connection {
  /** Address of the host, without a slash at its end. */
  url: string;
  /** Organisation, or path of groups. */
  owner: string;
  name: string;
  api: Omit<HostApiOptions, 'url' | 'headers'>;
}

/** A repository on a host, by owner and name. */
export interface RepositoryPlace {
  owner: string;
  name: string;
}

/**
 * Repositories on one Git host of the platform: those in organisations that a tenant was
 * granted, with the tenant's credential. The platform's read token only reads.
 */
export class BoundClients {
  readonly host: GitHost;
  readonly #auth: Pick<AuthService, 'getOwnServiceCredentials'>;
  readonly #bindings: Pick<BindingsService, 'grantedThing'>;

  constructor(options: {
    auth: Pick<AuthService, 'getOwnServiceCredentials'>;
    bindings: Pick<BindingsService, 'grantedThing'>;
    host: GitHost;
  }) {
    this.#auth = options.auth;
    this.#bindings = options.bindings;
    this.host = options.host;
  }

  /** `owner/name` in its parts; undefined when it is none on this kind of host. */
  parse(text: string): RepositoryPlace | undefined {
    const slash = text.lastIndexOf('/');
    const owner = text.slice(0, Math.max(slash, 0));
    const name = text.slice(slash + 1);
    const isNested = owner.includes('/');
    return parseResourceName('git-organisation', owner) === undefined ||
      !NAME.test(name) ||
      (isNested && this.host.api !== 'gitlab')
      ? undefined
      : { owner, name };
  }

  /**
   * @throws NotFoundError when the tenant was not granted the organisation, or its credential
   *   sees no such repository; NotAllowedError without a credential
   */
  async open(options: {
    tenant: string;
    place: RepositoryPlace;
    signal: AbortSignal;
  }): Promise<GitHostClient> {
    const { tenant, signal } = options;
    const { owner, name } = options.place;
    const { system, timeoutMilliseconds } = this.host;
    const thing = await this.#bindings.grantedThing(
      'git-organisation',
      { system: system.name, resource: owner },
      {
        // eslint-disable-next-line no-restricted-syntax -- promotions run without a user; the tenant bounds what is granted
        credentials: await this.#auth.getOwnServiceCredentials(),
        tenant,
      },
    );
    if (!thing) {
      throw new NotFoundError(
        `'${tenant}' was not granted ${owner} on ${system.title}; ask the platform team for it, or name another repository`,
      );
    }
    const write = (await thing.credential())?.token;
    const read = write ?? system.readToken;
    if (read === undefined) {
      throw new NotAllowedError(
        `'${tenant}' has set no credential for ${system.title}; set one on the page of the bindings`,
      );
    }
    const client = await this.#connect({
      url: system.url.replace(/\/+$/, ''),
      owner,
      name,
      api: {
        title: system.title,
        certificateAuthority: system.certificateAuthority,
        tokens: { read, write },
        timeoutMilliseconds,
        signal,
      },
    });
    if (!client) {
      throw new NotFoundError(
        `${system.title} shows no repository ${owner}/${name} to the credential of '${tenant}'; create it, or let the credential see it`,
      );
    }
    return client;
  }

  #connect(connection: Connection): Promise<GitHostClient | undefined> {
    const { api } = this.host;
    switch (api) {
      case 'gitea':
        return connectGitea(connection);
      case 'github':
        return connectGitHub(connection);
      case 'gitlab':
        return connectGitLab(connection);
      default:
        throw new Error(`Unknown API ${api satisfies never}`);
    }
  }
}
