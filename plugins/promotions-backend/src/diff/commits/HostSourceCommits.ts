import { isError } from '@backstage/errors';
import {
  type SourceCommit,
  type SourceLog,
  type SourceRepository,
  type SourceRepositoryHost,
} from '@portico/plugin-promotions-node';
import { isSameRepository } from '../../effects/edit/isSameRepository';
import { type CommitsBetween, type SourceCommits } from './SourceCommits';

const MOST_COMMITS = 100;
/** What is shown of a history where nothing is to be compared with. */
const NEWEST = 20;
/** A page waits no longer for another host. */
const LONGEST_MILLISECONDS = 10_000;
/** Answers to say why nothing is known; everything else is a fault of ours. */
const ANSWERS = new Set([
  'InputError',
  'NotAllowedError',
  'NotFoundError',
  'ServiceUnavailableError',
]);

/** Reads commits from whatever host a release says that it comes from. */
export class HostSourceCommits implements SourceCommits {
  readonly #hosts: readonly SourceRepositoryHost[];

  /** @param hosts - the first that knows the address is asked */
  constructor(hosts: readonly SourceRepositoryHost[]) {
    this.#hosts = hosts;
  }

  async between(
    options: Parameters<SourceCommits['between']>[0],
  ): Promise<CommitsBetween> {
    const { tenant, before, after } = options;
    const { source } = after;
    if (!source) {
      return unknown('the release does not say which commit it was built from');
    }
    if (
      before?.source &&
      before.source.repository !== source.repository &&
      !isSameRepository(before.source.repository, source.repository)
    ) {
      return unknown('the two releases come from different repositories');
    }
    try {
      const repository = await this.#open(tenant, source.repository);
      return repository
        ? await read(repository, before?.source?.commit, source.commit)
        : unknown(
            'the source lies in a repository that Portico does not read commits from',
          );
    } catch (error) {
      if (isError(error) && ANSWERS.has(error.name)) {
        return unknown(error.message);
      }
      throw error;
    }
  }

  async #open(
    tenant: string,
    address: string,
  ): Promise<SourceRepository | undefined> {
    const signal = AbortSignal.timeout(LONGEST_MILLISECONDS);
    for (const host of this.#hosts) {
      const repository = await host.open({ tenant, address, signal });
      if (repository) {
        return repository;
      }
    }
    return undefined;
  }
}

async function read(
  repository: SourceRepository,
  before: string | undefined,
  after: string,
): Promise<CommitsBetween> {
  if (before === undefined) {
    const { items } = await repository.log({ ref: after, limit: NEWEST });
    return {
      items,
      note: `Nothing is known to compare with, so the newest ${items.length} commits are shown`,
      reversed: false,
    };
  }
  if (before === after) {
    return { items: [], reversed: false };
  }
  const [added, takenBack] = await Promise.all([
    repository.log({ ref: after, notIn: before, limit: MOST_COMMITS }),
    repository.log({ ref: before, notIn: after, limit: MOST_COMMITS }),
  ]);
  const reversed = added.items.length === 0;
  const shown = reversed ? takenBack : added;
  const notes = [
    ...(shown.items.length >= MOST_COMMITS ? [notWhole(shown)] : []),
    ...(!reversed && takenBack.items.length > 0
      ? [
          `${
            takenBack.total ?? takenBack.items.length
          } commits of what runs are not in this release: it comes from another branch`,
        ]
      : []),
  ];
  return {
    items: shown.items.slice(0, MOST_COMMITS),
    reversed,
    ...(notes.length > 0 && { note: notes.join('. ') }),
  };
}

function notWhole({ items, total }: SourceLog): string {
  return total === undefined || total <= items.length
    ? `Only the newest ${MOST_COMMITS} commits are shown`
    : `Only the newest ${MOST_COMMITS} of ${total} commits are shown`;
}

function unknown(reason: string): CommitsBetween {
  const items: SourceCommit[] = [];
  return {
    items,
    note: `Not known, because ${reason.replace(/^The /, 'the ')}`,
    reversed: false,
  };
}
