import { type LoggerService } from '@backstage/backend-plugin-api';
import { type PorticoDatabase } from '@portico/database';
import { type Release } from '@portico/plugin-promotions-common';
import { openStores, type Stores } from '../store/openStores';
import { type StoredPromotion } from '../store/toPromotion';
import { engineActor } from './actor';
import { addPromotion } from './addPromotion';
import { type PipelineResolver, type ResolvedStage } from './EngineParts';
import { findWayBack, type WayBack } from './findWayBack';
import { newPromotionId } from './newPromotionId';
import { type Progress } from './Progress';
import { holdAutomation, recordDeployment } from './recordDeployment';
import { isForPeople, troubleReason } from './trouble';

/**
 * The end of a promotion that was written and went wrong. Where its pipeline says so, the
 * release that ran before is asked for in the same transaction, by a rollback like any other:
 * with its own gates, effects and end.
 */
export class AutomaticRollback {
  readonly #database: PorticoDatabase;
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #resolver: PipelineResolver;

  constructor(options: {
    database: PorticoDatabase;
    logger: LoggerService;
    now: () => Date;
    resolver: PipelineResolver;
  }) {
    this.#database = options.database;
    this.#logger = options.logger;
    this.#now = options.now;
    this.#resolver = options.resolver;
  }

  /** @param reason - what went wrong */
  async end(
    tenant: string,
    was: StoredPromotion,
    reason: string,
  ): Promise<Progress> {
    const at = this.#now();
    const recordFailure = (stores: Stores) =>
      recordDeployment(stores, was, { result: 'failed', at });
    const fails = (more = ''): Progress => ({
      kind: 'go',
      event: 'fail',
      reason: `${reason}${more}`,
      keep: recordFailure,
    });
    if (!was.stage.automaticRollback) {
      return fails();
    }
    const way = await this.#database.inTenant(tenant, transaction =>
      findWayBack(openStores(transaction, tenant), was),
    );
    const stage = way.found ? await this.#stage(tenant, was) : undefined;
    if (!way.found || typeof stage !== 'object') {
      const why = way.found ? stage : way.why;
      return fails(`${endOf(reason)} It is not rolled back by itself: ${why}`);
    }
    const id = newPromotionId(at);
    return {
      kind: 'go',
      event: 'rollBack',
      reason: `${reason}${endOf(reason)} The pipeline brings ${
        way.release.content.version
      } back`,
      more: { supersededBy: id },
      unless: async stores => {
        await stores.promotions.lockTarget(was.promotion);
        return !isSame(way, await findWayBack(stores, was));
      },
      keep: async stores => {
        await recordFailure(stores);
        await this.#askFor(stores, was, {
          id,
          at,
          stage,
          release: way.release,
        });
      },
    };
  }

  async #askFor(
    stores: Stores,
    was: StoredPromotion,
    rollback: { id: string; at: Date; stage: ResolvedStage; release: Release },
  ): Promise<void> {
    const { id, at, stage, release } = rollback;
    const { promotion } = was;
    const by = engineActor(stores.tenant, promotion);
    const comment = `${promotion.release.content.version} went wrong in ${promotion.environment}, so the pipeline brings ${release.content.version} back`;
    await addPromotion(
      stores,
      {
        id,
        component: promotion.component,
        release,
        kind: 'rollback',
        stage,
        automatic: true,
        comment,
      },
      by,
      at,
    );
    await holdAutomation(stores, was, { by: by.ref, reason: comment, at });
  }

  /** The stage as the pipeline says now, or why nothing can be promoted there. */
  async #stage(
    tenant: string,
    { promotion }: StoredPromotion,
  ): Promise<ResolvedStage | string> {
    const { component, environment } = promotion;
    try {
      const { stages } = await this.#resolver.resolve({ tenant, component });
      return (
        stages.find(({ name }) => name === environment) ??
        `the pipeline has no stage ${environment} any more`
      );
    } catch (error) {
      if (!isForPeople(error)) {
        throw error;
      }
      this.#logger.warn(
        `The promotion ${promotion.id} is not rolled back by itself: ${error.message}`,
      );
      return troubleReason(error);
    }
  }
}

function isSame(one: WayBack, other: WayBack): boolean {
  return one.found && other.found && one.release.id === other.release.id;
}

/** A full stop where a sentence has none. */
function endOf(sentence: string): string {
  return /[.!?…]$/.test(sentence) ? '' : '.';
}
