import { isError, NotFoundError } from '@backstage/errors';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import { type Repository } from '@portico/plugin-git-host-common';
import {
  type GitHostService,
  type RepositoryAddress,
} from '@portico/plugin-git-host-node';
import { type RuntimeRelease } from '@portico/plugin-local-runtime-common';
import { type PromotionsService } from '@portico/plugin-promotions-node';

/** Refusals that something else may cure: an entity that is not in the catalog yet. */
const CURABLE = new Set(['NotFoundError', 'InputError', 'ConflictError']);

/**
 * What became of a release.
 *
 * - `announced`: the promotions know it, and bring it where it goes by itself
 * - `settled`: it is passed over for good, and why
 * - `waiting`: it cannot be announced yet, and why
 */
export type Announcement =
  | { outcome: 'announced' }
  | { outcome: 'settled'; why: 'older' | 'notOnBranch' }
  | { outcome: 'waiting'; reason: string };

/**
 * Announces what the local runtime released to the promotions. Again is the same release, so
 * it can be killed at any instant, and asked as often as one likes.
 */
export class ReleaseAnnouncer {
  readonly #gitHost: GitHostService;
  readonly #promotions: Pick<PromotionsService, 'announce'>;
  /** The commit that was announced last, by component. */
  readonly #last = new Map<string, string>();

  constructor(options: {
    gitHost: GitHostService;
    promotions: Pick<PromotionsService, 'announce'>;
  }) {
    this.#gitHost = options.gitHost;
    this.#promotions = options.promotions;
  }

  async announce(release: RuntimeRelease): Promise<Announcement> {
    try {
      return await this.#announce(release);
    } catch (error) {
      if (isError(error) && CURABLE.has(error.name)) {
        return { outcome: 'waiting', reason: error.message };
      }
      throw error;
    }
  }

  async #announce(release: RuntimeRelease): Promise<Announcement> {
    const { tenant, component, commit } = release;
    const ref = `component:${tenant}/${component}`;
    const address = { tenant, repository: release.repository };
    const repository = await this.#existing(address);
    if (!(await this.#contains(address, repository.head, commit.id))) {
      return { outcome: 'settled', why: 'notOnBranch' };
    }
    const last = this.#last.get(ref);
    if (
      last !== undefined &&
      last !== commit.id &&
      (await this.#contains(address, last, commit.id))
    ) {
      return { outcome: 'settled', why: 'older' };
    }
    await this.#promotions.announce(
      {
        content: {
          component: ref,
          version: release.version,
          images: [{ name: component, digest: release.digest }],
          source: {
            repository: repository.cloneUrl,
            commit: commit.id,
            branch: release.branch,
          },
        },
        found: 'localRuntime',
      },
      {
        tenant,
        ref: 'plugin:local-runtime',
        context: pluginAuditContext('local-runtime'),
      },
    );
    this.#last.set(ref, commit.id);
    return { outcome: 'announced' };
  }

  /** Whether a commit is in the history of another; not where either is gone. */
  async #contains(
    address: RepositoryAddress,
    newer: string,
    commit: string,
  ): Promise<boolean> {
    try {
      const missing = await this.#gitHost.log({
        ...address,
        ref: commit,
        notIn: newer,
        limit: 1,
      });
      return missing.length === 0;
    } catch (error) {
      if (isError(error) && error.name === 'NotFoundError') {
        return false;
      }
      throw error;
    }
  }

  async #existing(
    address: RepositoryAddress,
  ): Promise<Repository & { head: string }> {
    const repository = await this.#gitHost.get(address);
    if (!repository?.head) {
      throw new NotFoundError(
        `There is no commit in ${address.tenant}/${address.repository} yet`,
      );
    }
    return { ...repository, head: repository.head };
  }
}
