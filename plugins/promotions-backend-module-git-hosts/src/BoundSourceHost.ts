import { NotFoundError } from '@backstage/errors';
import {
  type SourceCommit,
  type SourceLog,
  type SourceRepository,
  type SourceRepositoryHost,
} from '@portico/plugin-promotions-node';
import { type BoundClients, type RepositoryPlace } from './BoundClients';
import { type GitHostClient, type HostedCommit } from './client/GitHostClient';
import { trailersOf } from './trailers';

const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
/** `git@git.example.org:aurora/checkout.git` */
const SECURE_SHELL = /^(?:ssh:\/\/)?[\w.-]+@([\w.-]+)(?::\d+\/|[:/])(.+)$/;

/**
 * Source repositories on one Git host of the platform. An address only says which repository
 * of the host is meant: what is asked goes to the host as the platform configured it.
 */
export class BoundSourceHost implements SourceRepositoryHost {
  readonly #clients: BoundClients;

  constructor(clients: BoundClients) {
    this.#clients = clients;
  }

  async open(
    options: Parameters<SourceRepositoryHost['open']>[0],
  ): Promise<SourceRepository | undefined> {
    const { tenant, address, signal } = options;
    const place = this.#placeOf(address);
    if (!place) {
      return undefined;
    }
    const client = await this.#clients.open({ tenant, place, signal });
    const name = `${place.owner}/${place.name}`;
    const { title } = this.#clients.host.system;
    return {
      log: async request => {
        const found = await read(client, request);
        if (!found) {
          throw new NotFoundError(
            `a commit of the two releases is not in ${name} on ${title} any more`,
          );
        }
        return found;
      },
    };
  }

  #placeOf(address: string): RepositoryPlace | undefined {
    const host = new URL(this.#clients.host.system.url);
    const path = pathOverSecureShell(address, host) ?? pathOf(address, host);
    return path === undefined
      ? undefined
      : this.#clients.parse(
          path
            .replace(/^\/+/, '')
            .replace(/\/+$/, '')
            .replace(/\.git$/, ''),
        );
  }
}

function pathOverSecureShell(address: string, host: URL): string | undefined {
  const [, name, path] = SECURE_SHELL.exec(address) ?? [];
  return name === host.hostname ? path : undefined;
}

function pathOf(address: string, host: URL): string | undefined {
  const url = URL.parse(address);
  const start = host.pathname.replace(/\/+$/, '');
  return url?.host === host.host &&
    /^https?:$/.test(url.protocol) &&
    url.pathname.startsWith(`${start}/`)
    ? url.pathname.slice(start.length)
    : undefined;
}

async function read(
  client: GitHostClient,
  { ref, notIn, limit }: Parameters<SourceRepository['log']>[0],
): Promise<SourceLog | undefined> {
  // What is no commit could name something else to a host, such as a branch or a range.
  if (![ref, notIn ?? ref].every(commit => COMMIT.test(commit))) {
    return undefined;
  }
  if (notIn === undefined) {
    const commits = await client.log({ ref, limit, page: 1 });
    // Each commit is in its own history.
    return commits.length === 0
      ? undefined
      : { items: commits.map(commit => toSourceCommit(client, commit)) };
  }
  const found = await client.missing(notIn, ref);
  return (
    found && {
      items: found.commits
        .slice(0, limit)
        .map(commit => toSourceCommit(client, commit)),
      total: found.total,
    }
  );
}

function toSourceCommit(
  client: GitHostClient,
  { id, message, ...commit }: HostedCommit,
): SourceCommit {
  const pullRequest = client.mergedBy(message);
  return {
    id,
    subject: message.split('\n')[0].trim(),
    trailers: trailersOf(message),
    ...commit,
    ...(pullRequest && { pullRequest }),
  };
}
