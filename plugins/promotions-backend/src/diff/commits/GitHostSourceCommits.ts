import { NotFoundError } from '@backstage/errors';
import { type Commit } from '@portico/plugin-git-host-common';
import {
  type GitHostService,
  type RepositoryAddress,
} from '@portico/plugin-git-host-node';
import { ownRepository } from '../ownRepository';
import { type CommitsBetween, type SourceCommits } from './SourceCommits';

const MOST_COMMITS = 100;
/** What is shown of a history where nothing is to be compared with. */
const NEWEST = 20;

/** Reads commits from the embedded Git host. */
export class GitHostSourceCommits implements SourceCommits {
  readonly #gitHost: Pick<GitHostService, 'baseUrl' | 'log'>;

  constructor(gitHost: Pick<GitHostService, 'baseUrl' | 'log'>) {
    this.#gitHost = gitHost;
  }

  async between(
    options: Parameters<SourceCommits['between']>[0],
  ): Promise<CommitsBetween> {
    const { tenant, before, after } = options;
    const { source } = after;
    if (!source) {
      return nothing('The release does not say which commit it was built from');
    }
    const address = ownRepository(this.#gitHost, tenant, source.repository, {
      moved: true,
    });
    if (!address) {
      return nothing(
        'The source lies in a repository that Portico does not read commits from',
      );
    }
    const other =
      before?.source &&
      ownRepository(this.#gitHost, tenant, before.source.repository, {
        moved: true,
      });
    if (before?.source && other?.repository !== address.repository) {
      return nothing('The two releases come from different repositories');
    }
    try {
      return await this.#read(address, before?.source?.commit, source.commit);
    } catch (error) {
      if (error instanceof NotFoundError) {
        return nothing(
          `A commit of the two releases is not in ${address.repository} any more`,
        );
      }
      throw error;
    }
  }

  async #read(
    address: RepositoryAddress,
    before: string | undefined,
    after: string,
  ): Promise<CommitsBetween> {
    if (before === undefined) {
      const items = await this.#log(address, { ref: after, limit: NEWEST });
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
      this.#log(address, { ref: after, notIn: before, limit: MOST_COMMITS }),
      this.#log(address, { ref: before, notIn: after, limit: MOST_COMMITS }),
    ]);
    const reversed = added.length === 0;
    const items = reversed ? takenBack : added;
    const notes = [
      ...(items.length >= MOST_COMMITS
        ? [`Only the newest ${MOST_COMMITS} commits are shown`]
        : []),
      ...(!reversed && takenBack.length > 0
        ? [
            `${takenBack.length} commits of what runs are not in this release: it comes from another branch`,
          ]
        : []),
    ];
    return {
      items,
      reversed,
      ...(notes.length > 0 && { note: notes.join('. ') }),
    };
  }

  #log(
    address: RepositoryAddress,
    options: { ref: string; notIn?: string; limit: number },
  ): Promise<Commit[]> {
    return this.#gitHost.log({ ...address, ...options });
  }
}

function nothing(note: string): CommitsBetween {
  return { items: [], note, reversed: false };
}
