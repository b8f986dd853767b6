import { isError } from '@backstage/errors';
import {
  type DeliveryProgress,
  type FrozenStage,
  type Observation,
} from '@portico/plugin-promotions-common';
import {
  type DeliveryDriver,
  type DeliveryInspection,
  type DeliveryTarget,
  type EffectContext,
  type EffectOutcome,
  type EffectStep,
  type RolloutOutcome,
  type RolloutWish,
} from '@portico/plugin-promotions-node';
import {
  type ApplicationAddress,
  type ArgoCdClient,
} from '../client/ArgoCdClient';
import { type Application } from '../client/application';
import { performRollout } from '../rollout/performRollout';
import { readProgress } from '../rollout/readProgress';
import { steerRollout } from '../rollout/steerRollout';
import {
  type ApplicationResolver,
  applicationName,
  type ResolvedApplication,
} from './ApplicationResolver';
import {
  describe,
  healthOf,
  liveRevision,
  runningImages,
} from './applicationState';
import { inspectApplication } from './inspectApplication';
import { performSync } from './performSync';
import { refusalReason } from './refusalReason';

const LONGEST_ROLLOUT = 'P1D';

/** What was seen; the application is missing when nobody told of it. */
type Look =
  | { application: undefined; observation: Observation }
  | {
      application: Application;
      address: ApplicationAddress;
      observation: Observation;
    };

/** Delivers by Argo CD: asks for a sync to the promoted commit, or waits for one. */
export class ArgoCdDriver implements DeliveryDriver {
  readonly kind = 'argocd';
  readonly #client: ArgoCdClient;
  readonly #resolver: ApplicationResolver;
  readonly #now: () => Date;

  constructor(options: {
    client: ArgoCdClient;
    resolver: ApplicationResolver;
    now: () => Date;
  }) {
    this.#client = options.client;
    this.#resolver = options.resolver;
    this.#now = options.now;
  }

  steps(
    target: DeliveryTarget,
    strategy: FrozenStage['strategy'],
  ): EffectStep[] {
    const { argocd } = target.delivery;
    const common = { target: applicationName(target) };
    const sync: EffectStep = {
      ...common,
      step: 'sync',
      kind: 'argocdSync',
      perform: context =>
        this.#perform(
          context,
          argocd?.sync === 'wait' ? 'read' : 'change',
          resolved =>
            performSync({ ...resolved, client: this.#client, context }),
        ),
    };
    const rollout: EffectStep = {
      ...common,
      step: 'rollout',
      kind: 'rollout',
      timeout: argocd?.rolloutTimeout ?? LONGEST_ROLLOUT,
      perform: context =>
        this.#perform(context, 'read', resolved =>
          performRollout({ ...resolved, client: this.#client, context }),
        ),
    };
    return strategy === 'rolling' ? [sync] : [sync, rollout];
  }

  async progress(
    target: DeliveryTarget,
    signal: AbortSignal,
  ): Promise<DeliveryProgress> {
    const observedAt = this.#now().toISOString();
    const unknown = (problem: string): DeliveryProgress => ({
      source: 'Argo CD',
      observedAt,
      problem,
      rollouts: [],
    });
    try {
      const resolved = await this.#resolver.resolve(target, 'read');
      return resolved.outcome === 'none'
        ? unknown(resolved.reason)
        : {
            source: resolved.title,
            url: resolved.url,
            observedAt,
            ...(await readProgress(this.#client, resolved.address, signal)),
          };
    } catch (error) {
      return unknown(isError(error) ? error.message : 'unknown error');
    }
  }

  async steer(
    target: DeliveryTarget,
    wish: RolloutWish,
    signal: AbortSignal,
  ): Promise<RolloutOutcome> {
    const resolved = await this.#resolver.resolve(target, 'change');
    return resolved.outcome === 'none'
      ? { state: 'refused', reason: resolved.reason }
      : steerRollout({ ...resolved, client: this.#client, wish, signal });
  }

  async observe(
    target: DeliveryTarget,
    signal: AbortSignal,
  ): Promise<Observation> {
    const { observation } = await this.#look(target, signal);
    return observation;
  }

  async inspect(
    target: DeliveryTarget,
    signal: AbortSignal,
  ): Promise<DeliveryInspection | undefined> {
    const look = await this.#look(target, signal);
    if (!look.application) {
      return undefined;
    }
    const { application, address, observation } = look;
    const managed =
      application.status?.sync?.status === 'OutOfSync'
        ? await this.#client
            .managedResources(address, signal)
            .catch(() => undefined)
        : undefined;
    return inspectApplication(
      application,
      // Without it the fields are not known, the resources are.
      managed?.outcome === 'answered' ? managed.value : { items: [] },
      observation,
    );
  }

  async #perform(
    { target }: EffectContext,
    purpose: 'read' | 'change',
    fn: (
      resolved: Extract<ResolvedApplication, { outcome: 'found' }>,
    ) => Promise<EffectOutcome>,
  ): Promise<EffectOutcome> {
    const resolved = await this.#resolver.resolve(target, purpose);
    return resolved.outcome === 'none'
      ? // Somebody can put it right while the delivery's time lasts.
        { state: 'waiting', reason: resolved.reason }
      : fn(resolved);
  }

  async #look(target: DeliveryTarget, signal: AbortSignal): Promise<Look> {
    const unknown = (reason: string, source = 'Argo CD') => ({
      application: undefined,
      observation: this.#observation({
        health: 'unknown',
        reason,
        running: [],
        source,
      }),
    });
    try {
      const resolved = await this.#resolver.resolve(target, 'read');
      if (resolved.outcome === 'none') {
        return unknown(resolved.reason);
      }
      const { address, title, url } = resolved;
      const answer = await this.#client.application(address, signal);
      return answer.outcome === 'refused'
        ? unknown(refusalReason(address, answer), title)
        : {
            application: answer.value,
            address,
            observation: this.#observe(answer.value, title, url),
          };
    } catch (error) {
      return unknown(isError(error) ? error.message : 'unknown error');
    }
  }

  #observe(application: Application, source: string, url: string): Observation {
    const revision = liveRevision(application);
    return this.#observation({
      health: healthOf(application),
      reason: describe(application),
      running: runningImages(application),
      ...(revision && { revision }),
      source,
      url,
    });
  }

  #observation(parts: Omit<Observation, 'observedAt'>): Observation {
    return { ...parts, observedAt: this.#now().toISOString() };
  }
}
