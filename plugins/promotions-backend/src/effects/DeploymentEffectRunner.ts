import { isError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import { payloadDigest } from '@portico/plugin-audit-node';
import {
  durationMilliseconds,
  type Effect,
  type Observation,
} from '@portico/plugin-promotions-common';
import {
  type DeliveryTarget,
  type EffectOutcome,
  type EffectStep,
  type RolloutOutcome,
  type RolloutWish,
} from '@portico/plugin-promotions-node';
import { type EffectRunner, type EffectsOutcome } from '../engine/EngineParts';
import { type DeliveryDrivers } from './DeliveryDrivers';
import { deliveryTarget } from './deliveryTarget';
import { type DeploymentProposer } from './DeploymentProposer';
import { type DeploymentRepositories } from './DeploymentRepositories';
import { EffectStore } from './EffectStore';
import {
  type RepositoryStep,
  type RepositoryStepOutcome,
} from './RepositoryStep';
import { repositorySteps, revisionOf } from './repositorySteps';

const FIRST_PAUSE_MILLISECONDS = 1_000;
const LONGEST_PAUSE_MILLISECONDS = 60_000;

/** Refusals that asking again does not change. */
const FINAL_ERRORS = new Set([
  'InputError',
  'NotFoundError',
  'NotImplementedError',
]);

type RunOptions = Parameters<EffectRunner['run']>[0];

/** A step of the repository or of the driver, and how it is done. */
interface Step {
  key: string;
  step: string;
  kind: Effect['kind'];
  /** Whether it is given up when it takes longer than the delivery may. */
  isTimed: boolean;
  /** How long it may take, where that is not the delivery's own limit. */
  timeout?: string;
  perform(
    effects: readonly Effect[],
    isFirst: boolean,
  ): Promise<RepositoryStepOutcome>;
}

/**
 * Does the effects of a promotion: first those in the deployment repository, then those of
 * the driver. All are written down before the first is done. Each is looked for outside by
 * its key before it is done, so it can be killed between any two lines and run by two
 * processes at once, and yet each effect happens once.
 */
export class DeploymentEffectRunner implements EffectRunner {
  readonly #database: PorticoDatabase;
  readonly #repositories: DeploymentRepositories;
  readonly #drivers: DeliveryDrivers;
  readonly #proposer: DeploymentProposer;
  readonly #now: () => Date;
  readonly #urlOf: (promotion: string) => string | undefined;
  readonly #onPoint: (label: string) => Promise<void>;

  constructor(options: {
    database: PorticoDatabase;
    repositories: DeploymentRepositories;
    drivers: DeliveryDrivers;
    proposer: DeploymentProposer;
    now: () => Date;
    /** The page of a promotion. */
    urlOf?: (promotion: string) => string | undefined;
    /** For tests, which end the process there. */
    onPoint?: (label: string) => Promise<void>;
  }) {
    this.#database = options.database;
    this.#repositories = options.repositories;
    this.#drivers = options.drivers;
    this.#proposer = options.proposer;
    this.#now = options.now;
    this.#urlOf = options.urlOf ?? (() => undefined);
    this.#onPoint = options.onPoint ?? (async () => {});
  }

  async run(options: RunOptions): Promise<EffectsOutcome> {
    const { tenant, promotion, stage, signal } = options;
    const target = deliveryTarget(tenant, promotion, stage);
    const steps = this.#stepsOf(target, options);
    let effects = await this.#plan(tenant, promotion.id, steps);
    await this.#onPoint('planned');
    for (const step of steps) {
      const effect = effects.find(({ key }) => key === step.key);
      if (effect?.state === 'confirmed') {
        continue;
      }
      if (effect?.state === 'failed') {
        return { state: 'failed', reason: effect.reason ?? 'It failed before' };
      }
      signal.throwIfAborted();
      const outcome = await this.#do(step, effects, options);
      if (outcome.state !== 'confirmed') {
        return outcome;
      }
      effects = outcome.effects;
    }
    const revision = revisionOf(effects);
    return revision === undefined
      ? { state: 'failed', reason: 'No commit declares the release' }
      : { state: 'done', revision };
  }

  observe(target: DeliveryTarget): Promise<Observation | undefined> {
    return this.#drivers.observe(target);
  }

  async steer(
    target: DeliveryTarget,
    wish: RolloutWish,
    signal: AbortSignal,
  ): Promise<RolloutOutcome> {
    const driver = this.#drivers.of(target);
    return driver.steer
      ? driver.steer(target, wish, signal)
      : {
          state: 'refused',
          reason: `The driver ${driver.kind} of ${target.environment} has no rollouts`,
        };
  }

  async #plan(
    tenant: string,
    promotion: string,
    steps: readonly Step[],
  ): Promise<Effect[]> {
    return this.#inStore(tenant, async store => {
      await store.plan(promotion, steps, this.#now());
      return store.of(promotion);
    });
  }

  async #do(
    step: Step,
    effects: readonly Effect[],
    options: RunOptions,
  ): Promise<
    | Exclude<EffectsOutcome, { state: 'done' }>
    | { state: 'confirmed'; effects: Effect[] }
  > {
    const { tenant, promotion } = options;
    const attempt = await this.#inStore(tenant, store => store.send(step.key));
    await this.#onPoint(`${step.step}:sent`);
    const isFirst = attempt === 1;
    const outcome = await this.#perform(step, effects, isFirst, options);
    if (outcome.state === 'confirmed') {
      const confirmed = await this.#inStore(tenant, async store => {
        await store.confirm(step.key, outcome.remote, this.#now());
        return store.of(promotion.id);
      });
      await this.#onPoint(`${step.step}:confirmed`);
      return { state: 'confirmed', effects: confirmed };
    }
    const isBegun = effects.some(({ state }) => state === 'confirmed');
    const result: Exclude<EffectsOutcome, { state: 'done' }> =
      outcome.state === 'stale' && isBegun
        ? { state: 'failed', reason: outcome.reason }
        : outcome;
    await this.#inStore(tenant, store =>
      store.explain(step.key, stateOf(result), result.reason),
    );
    return result;
  }

  async #perform(
    step: Step,
    effects: readonly Effect[],
    isFirst: boolean,
    { promotion, stage, signal }: RunOptions,
  ): Promise<
    | Extract<EffectOutcome, { state: 'confirmed' }>
    | Exclude<EffectsOutcome, { state: 'done' }>
  > {
    const effect = effects.find(({ key }) => key === step.key);
    const now = this.#now();
    const limit = step.timeout ?? stage.environment.delivery.timeout;
    const isLate =
      effect !== undefined &&
      now.getTime() - Date.parse(effect.plannedAt) >
        durationMilliseconds(limit);
    const later = (reason: string, at?: Date) => ({
      state: 'waiting' as const,
      reason,
      askAgainAt: at ?? pauseAfter(effect?.attempts ?? 0, now),
    });
    try {
      const outcome = await step.perform(effects, isFirst);
      if (outcome.state !== 'waiting') {
        return outcome;
      }
      return isLate && step.isTimed
        ? {
            state: 'failed',
            reason: `${promotion.component} did not get there in time (${limit}): ${outcome.reason}`,
          }
        : later(
            outcome.reason,
            'askAgainAt' in outcome ? outcome.askAgainAt : undefined,
          );
    } catch (error) {
      signal.throwIfAborted();
      const reason = isError(error) ? error.message : 'unknown error';
      if (isError(error) && FINAL_ERRORS.has(error.name)) {
        return { state: 'failed', reason };
      }
      return isLate
        ? {
            state: 'gaveUp',
            reason: `The step '${step.step}' could not be done or looked for in ${limit}: ${reason}`,
          }
        : later(`The step '${step.step}' is tried again: ${reason}`);
    }
  }

  #stepsOf(target: DeliveryTarget, options: RunOptions): Step[] {
    const { promotion } = options;
    return [
      ...repositorySteps(target, promotion.id, this.#proposer).map(step =>
        this.#repositoryStep(step, target, options),
      ),
      ...this.#drivers
        .of(target)
        .steps(target, options.stage.strategy)
        .map(step => this.#driverStep(step, target, options)),
    ];
  }

  #repositoryStep(
    step: RepositoryStep,
    target: DeliveryTarget,
    options: RunOptions,
  ): Step {
    const { promotion, signal } = options;
    const key = effectKey(promotion.id, step);
    return {
      ...step,
      key,
      isTimed: false,
      perform: async (effects, isFirst) =>
        step.perform({
          key,
          isFirst,
          promotion,
          stage: options.stage,
          subject: options.subject,
          target,
          approvedBy: options.approvedBy,
          repository: await this.#repositories.open(target, signal),
          effects,
          url: this.#urlOf(promotion.id),
          beforeMerge: options.beforeMerge,
          reach: place => this.#onPoint(`${step.step}:${place}`),
        }),
    };
  }

  #driverStep(
    step: EffectStep,
    target: DeliveryTarget,
    { promotion, stage, signal }: RunOptions,
  ): Step {
    const key = effectKey(promotion.id, step);
    return {
      ...step,
      key,
      isTimed: true,
      perform: async effects => {
        const outcome = await step.perform({
          key,
          promotion,
          stage,
          target,
          revision: revisionOf(effects) ?? '',
          now: this.#now(),
          signal,
        });
        await this.#onPoint(`${step.step}:acted`);
        return outcome;
      },
    };
  }

  #inStore<T>(
    tenant: string,
    fn: (store: EffectStore) => Promise<T>,
  ): Promise<T> {
    return this.#database.inTenant(tenant, transaction =>
      fn(new EffectStore(transaction, tenant)),
    );
  }
}

/** Deterministic: whoever runs the step of a promotion looks for the same. */
function effectKey(
  promotion: string,
  { step, target }: { step: string; target: string },
): string {
  return payloadDigest({ promotion, step, target });
}

function stateOf(
  outcome: Exclude<EffectsOutcome, { state: 'done' }>,
): 'planned' | 'sent' | 'failed' {
  switch (outcome.state) {
    case 'stale':
      return 'planned';
    case 'failed':
      return 'failed';
    case 'waiting':
    case 'gaveUp':
      return 'sent';
    default:
      throw new Error(`Unknown outcome ${outcome satisfies never}`);
  }
}

function pauseAfter(attempts: number, now: Date): Date {
  return new Date(
    now.getTime() +
      Math.min(
        FIRST_PAUSE_MILLISECONDS * 2 ** Math.min(attempts, 10),
        LONGEST_PAUSE_MILLISECONDS,
      ),
  );
}
