import { type LoggerService } from '@backstage/backend-plugin-api';
import { type PorticoDatabase } from '@portico/database';
import {
  durationMilliseconds,
  type Observation,
  type Subject,
} from '@portico/plugin-promotions-common';
import { type DeliveryTarget } from '@portico/plugin-promotions-node';
import { REVISION_STEPS } from '../effects/repositorySteps';
import { openStores } from '../store/openStores';
import { type StoredRolloutAct } from '../store/RolloutActStore';
import { type StoredPromotion } from '../store/toPromotion';
import { approversInEvidence } from './approversInEvidence';
import { AutomaticRollback } from './AutomaticRollback';
import { automaticStage, promoteAutomatically } from './automation';
import { engineActor } from './actor';
import {
  type EffectRunner,
  type EffectsOutcome,
  type PipelineResolver,
  type ResolvedStage,
} from './EngineParts';
import { type GateRound } from './GateRound';
import { type GatesVerdict } from './judgeGates';
import { type Progress } from './Progress';
import { recordDeployment } from './recordDeployment';
import { steerRollout } from './RolloutSteering';
import { isForPeople, troubleReason } from './trouble';
import { withinTime } from './withinTime';

const LONGEST_EFFECTS_MILLISECONDS = 120_000;
const LONGEST_OBSERVATION_MILLISECONDS = 30_000;
const OBSERVE_AGAIN_MILLISECONDS = 2_000;

/** Looks at promotions that have begun. */
export class Performer {
  readonly #database: PorticoDatabase;
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #resolver: PipelineResolver;
  readonly #runner: EffectRunner;
  readonly #round: GateRound;
  readonly #rollback: AutomaticRollback;

  constructor(options: {
    database: PorticoDatabase;
    logger: LoggerService;
    now: () => Date;
    resolver: PipelineResolver;
    runner: EffectRunner;
    round: GateRound;
  }) {
    this.#database = options.database;
    this.#logger = options.logger;
    this.#now = options.now;
    this.#resolver = options.resolver;
    this.#runner = options.runner;
    this.#round = options.round;
    this.#rollback = new AutomaticRollback(options);
  }

  async look(
    tenant: string,
    was: StoredPromotion,
    lost: AbortSignal,
  ): Promise<Progress> {
    return was.promotion.phase === 'running'
      ? this.#lookAtRunning(tenant, was, lost)
      : this.#lookAtVerifying(tenant, was, lost);
  }

  async #lookAtRunning(
    tenant: string,
    was: StoredPromotion,
    lost: AbortSignal,
  ): Promise<Progress> {
    const { subject, approvedBy, act } = await this.#ground(tenant, was);
    if (act) {
      return steerRollout({
        tenant,
        was,
        act,
        runner: this.#runner,
        askGates: () => this.#askGates(tenant, was, subject),
        now: this.#now,
        lost,
      });
    }
    const outcome = await withinTime(
      'Writing the deployment repository',
      LONGEST_EFFECTS_MILLISECONDS,
      lost,
      signal =>
        this.#runner.run({
          tenant,
          promotion: was.promotion,
          stage: was.stage,
          subject,
          approvedBy,
          now: this.#now(),
          beforeMerge: async () => {
            const verdict = await this.#askGates(tenant, was, subject);
            return verdict.outcome === 'passed';
          },
          signal,
        }),
    );
    return outcome.state === 'failed' && (await this.#isWritten(tenant, was))
      ? this.#rollback.end(tenant, was, outcome.reason)
      : afterEffects(outcome);
  }

  /** What was written and then failed is a deployment; what was never written is none. */
  async #isWritten(
    tenant: string,
    { promotion }: StoredPromotion,
  ): Promise<boolean> {
    const { rows } = await this.#database.inTenant(tenant, transaction =>
      transaction.raw(
        `select 1 from portico_promotions.effects
          where tenant = ? and promotion = ? and state = 'confirmed'
            and step = any(?) limit 1`,
        [tenant, promotion.id, REVISION_STEPS],
      ),
    );
    return rows.length > 0;
  }

  async #lookAtVerifying(
    tenant: string,
    was: StoredPromotion,
    lost: AbortSignal,
  ): Promise<Progress> {
    const observation = await withinTime(
      'Looking at what runs',
      LONGEST_OBSERVATION_MILLISECONDS,
      lost,
      () => this.#runner.observe(targetOf(tenant, was)),
    );
    const missing = whatIsMissing(was, observation);
    if (missing === undefined) {
      const next = await this.#nextStage(tenant, was);
      return {
        kind: 'go',
        event: 'verify',
        reason: observation
          ? `It runs and is healthy: ${observation.reason}`
          : 'It stands in the deployment repository',
        keep: stores =>
          recordDeployment(stores, was, {
            result: 'succeeded',
            at: this.#now(),
            then: () =>
              next
                ? promoteAutomatically(
                    stores,
                    {
                      component: was.promotion.component,
                      release: was.promotion.release,
                      stage: next,
                    },
                    {
                      key: was.promotion.id,
                      by: engineActor(tenant, was.promotion),
                      at: this.#now(),
                    },
                  )
                : Promise.resolve(),
          }),
      };
    }
    const now = this.#now();
    const deadline =
      was.phaseSince.getTime() +
      durationMilliseconds(was.stage.environment.delivery.timeout);
    if (now.getTime() < deadline) {
      return {
        kind: 'wait',
        reason: missing,
        until: new Date(
          Math.min(now.getTime() + OBSERVE_AGAIN_MILLISECONDS, deadline),
        ),
      };
    }
    const reason = `Not within ${was.stage.environment.delivery.timeout}: ${missing}`;
    return observation?.health === 'unknown'
      ? { kind: 'go', event: 'giveUp', reason }
      : this.#rollback.end(tenant, was, reason);
  }

  /** What was approved, and by whom, right before the beginning; and what is asked since. */
  async #ground(
    tenant: string,
    { promotion }: StoredPromotion,
  ): Promise<{
    subject: Subject;
    approvedBy: string[];
    act: StoredRolloutAct | undefined;
  }> {
    return this.#database.inTenant(tenant, async transaction => {
      const stores = openStores(transaction, tenant);
      const subject = promotion.subject
        ? await stores.history.subject(promotion.id, promotion.subject)
        : undefined;
      if (!subject) {
        throw new Error(`The promotion ${promotion.id} runs without a subject`);
      }
      const results = await stores.gateResults.newestOf(promotion.id);
      return {
        subject,
        approvedBy: approversInEvidence(results),
        act: await stores.rolloutActs.next(promotion.id),
      };
    });
  }

  /** What has begun is judged as it was shown. */
  async #askGates(
    tenant: string,
    was: StoredPromotion,
    subject: Subject,
  ): Promise<GatesVerdict> {
    const now = this.#now();
    const digest = was.promotion.subject ?? '';
    const round = await this.#round.askBeforeMerge(
      tenant,
      was,
      { subject, digest },
      now,
    );
    await this.#database.inTenant(tenant, transaction =>
      this.#round.keep(openStores(transaction, tenant), was, round, {
        now,
        all: false,
        isToldAlready: false,
      }),
    );
    return round.verdict;
  }

  /** A pipeline with an error holds nothing up: then a person promotes. */
  async #nextStage(
    tenant: string,
    { promotion }: StoredPromotion,
  ): Promise<ResolvedStage | undefined> {
    if (promotion.kind !== 'promote') {
      return undefined;
    }
    try {
      const pipeline = await this.#resolver.resolve({
        tenant,
        component: promotion.component,
      });
      return automaticStage(pipeline, promotion.environment);
    } catch (error) {
      if (!isForPeople(error)) {
        throw error;
      }
      this.#logger.warn(
        `Nothing follows the promotion ${
          promotion.id
        } by itself: ${troubleReason(error)}`,
      );
      return undefined;
    }
  }
}

function targetOf(
  tenant: string,
  { promotion, stage }: StoredPromotion,
): DeliveryTarget {
  return {
    tenant,
    component: promotion.component,
    environment: promotion.environment,
    delivery: stage.environment.delivery,
  };
}

function afterEffects(outcome: EffectsOutcome): Progress {
  switch (outcome.state) {
    case 'done':
      return {
        kind: 'go',
        event: 'effectsDone',
        reason: 'The deployment repository says so; it comes to run',
        more: { declaredRevision: outcome.revision },
      };
    case 'waiting':
      return {
        kind: 'wait',
        reason: outcome.reason,
        until: outcome.askAgainAt,
      };
    case 'stale':
      return { kind: 'go', event: 'stale', reason: outcome.reason };
    case 'failed':
      return { kind: 'go', event: 'fail', reason: outcome.reason };
    case 'gaveUp':
      return { kind: 'go', event: 'giveUp', reason: outcome.reason };
    default:
      return outcome satisfies never;
  }
}

/** Why it does not count as running yet; undefined when it does. */
function whatIsMissing(
  { promotion }: StoredPromotion,
  observation: Observation | undefined,
): string | undefined {
  if (!observation) {
    return undefined;
  }
  const running = new Set(observation.running.map(({ digest }) => digest));
  const absent = promotion.release.content.images.filter(
    ({ digest }) => !running.has(digest),
  );
  if (absent.length > 0) {
    return `${observation.source} does not run ${absent
      .map(({ name }) => name)
      .join(', ')} of this release yet: ${observation.reason}`;
  }
  return observation.health === 'healthy'
    ? undefined
    : `${observation.source} says ${observation.health}: ${observation.reason}`;
}
