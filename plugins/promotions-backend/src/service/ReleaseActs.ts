import { ConflictError, NotFoundError } from '@backstage/errors';
import { type LoggerService } from '@backstage/backend-plugin-api';
import { type PorticoDatabase } from '@portico/database';
import { parse } from '@portico/http-api';
import { appendAudit, payloadDigest } from '@portico/plugin-audit-node';
import {
  type AnnounceRelease,
  announceReleaseSchema,
  type Release,
  type ReleaseContent,
} from '@portico/plugin-promotions-common';
import { type PromotionActor } from '@portico/plugin-promotions-node';
import { promotionsAuditActs } from '../auditActs';
import { type SourceCommits } from '../diff/commits/SourceCommits';
import { automaticStage, promoteAutomatically } from '../engine/automation';
import {
  type PipelineResolver,
  type ResolvedStage,
} from '../engine/EngineParts';
import { isForPeople, troubleReason } from '../engine/trouble';
import { transit } from '../engine/transit';
import { openStores, type Stores } from '../store/openStores';
import { assertOwnComponent } from './assertOwnComponent';
import { firstCommitOf } from './firstCommitOf';

/** What can be done with releases. */
export class ReleaseActs {
  readonly #database: PorticoDatabase;
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #resolver: PipelineResolver;
  readonly #commits: SourceCommits | undefined;

  constructor(options: {
    database: PorticoDatabase;
    logger: LoggerService;
    now: () => Date;
    resolver: PipelineResolver;
    /** Without it nobody knows when the first commit of a release was written. */
    commits?: SourceCommits;
  }) {
    this.#database = options.database;
    this.#logger = options.logger;
    this.#now = options.now;
    this.#resolver = options.resolver;
    this.#commits = options.commits;
  }

  async announce(
    { found, ...announcement }: AnnounceRelease & { found?: Release['found'] },
    by: PromotionActor,
  ): Promise<Release> {
    const { content, origin } = parse(
      announceReleaseSchema,
      announcement,
      'The release',
    );
    assertOwnComponent(content.component, by);
    const id = payloadDigest(content);
    const first = await this.#firstStage(content.component, by);
    const firstCommitAt = await this.#firstCommitAt(id, content, by);
    const at = this.#now();
    return this.#database.inTenant(by.tenant, async transaction => {
      const stores = openStores(transaction, by.tenant);
      const isNew = await stores.releases.add({
        id,
        content,
        ...(origin && { origin }),
        announcedBy: by.ref,
        announcedAt: at,
        found: found ?? 'announced',
        sample: false,
        ...(firstCommitAt && { firstCommitAt }),
      });
      if (isNew) {
        await appendAudit(transaction, {
          chain: by.tenant,
          act: promotionsAuditActs.announceRelease,
          context: by.context,
          subject: { kind: 'release', ref: id },
          details: {
            component: content.component,
            version: content.version,
            found: found ?? 'announced',
          },
        });
        await stores.history.addEvent(
          { type: 'release', component: content.component },
          at,
        );
      }
      const release = await existing(stores, id);
      if (first) {
        await promoteAutomatically(
          stores,
          { component: content.component, release, stage: first },
          { key: id, by: pipelineActor(by), at },
        );
      }
      return release;
    });
  }

  async reject(
    { id, reason }: { id: string; reason: string },
    by: PromotionActor,
  ): Promise<Release> {
    const at = this.#now();
    return this.#database.inTenant(by.tenant, async transaction => {
      const stores = openStores(transaction, by.tenant);
      const release = await existing(stores, id);
      if (release.sample) {
        throw new ConflictError(
          `${release.content.version} belongs to the sample history of the demo: nothing can be done with it`,
        );
      }
      if (!(await stores.releases.reject(id, { by: by.ref, at, reason }))) {
        throw new ConflictError(
          `${release.content.version} was rejected before`,
        );
      }
      await appendAudit(transaction, {
        chain: by.tenant,
        act: promotionsAuditActs.rejectRelease,
        context: by.context,
        subject: { kind: 'release', ref: id },
        reason,
        details: {
          component: release.content.component,
          version: release.content.version,
        },
      });
      for (const open of await stores.promotions.notBegunOf(id)) {
        const locked = await stores.promotions.getLocked(open.promotion.id);
        if (locked) {
          await transit(stores, locked, {
            event: locked.promotion.phase === 'pending' ? 'cancel' : 'reject',
            reason: `Its release was rejected: ${reason}`,
            at,
            by,
          });
        }
      }
      await stores.history.addEvent(
        { type: 'release', component: release.content.component },
        at,
      );
      return existing(stores, id);
    });
  }

  /** For a figure only: a release is recorded also while its commits cannot be read. */
  async #firstCommitAt(
    id: string,
    after: ReleaseContent,
    { tenant }: PromotionActor,
  ): Promise<Date | undefined> {
    const commits = this.#commits;
    if (!commits || !after.source) {
      return undefined;
    }
    const { isKnown, before } = await this.#database.inTenant(
      tenant,
      async transaction => {
        const { releases } = openStores(transaction, tenant);
        return {
          isKnown: (await releases.get(id)) !== undefined,
          before: await releases.newestOf(after.component),
        };
      },
    );
    if (isKnown) {
      return undefined;
    }
    try {
      return await firstCommitOf(commits, {
        tenant,
        before: before?.content,
        after,
      });
    } catch (error) {
      this.#logger.warn(
        `The lead time of a release of ${
          after.component
        } is not known: ${troubleReason(error)}`,
      );
      return undefined;
    }
  }

  /** A release is recorded also while its pipeline has an error; then nothing follows. */
  async #firstStage(
    component: string,
    { tenant }: PromotionActor,
  ): Promise<ResolvedStage | undefined> {
    try {
      return automaticStage(
        await this.#resolver.resolve({ tenant, component }),
        undefined,
      );
    } catch (error) {
      if (!isForPeople(error) || error.name === 'NotFoundError') {
        throw error;
      }
      this.#logger.warn(
        `A release of ${component} moves nowhere by itself: ${troubleReason(
          error,
        )}`,
      );
      return undefined;
    }
  }
}

async function existing(stores: Stores, id: string): Promise<Release> {
  const release = await stores.releases.get(id);
  if (!release) {
    throw new NotFoundError(`There is no release ${id}`);
  }
  return release;
}

/** The pipeline asks, not whoever announced: nobody is kept from approving by it. */
function pipelineActor({ tenant, context }: PromotionActor): PromotionActor {
  return { tenant, ref: 'plugin:promotions', context };
}
