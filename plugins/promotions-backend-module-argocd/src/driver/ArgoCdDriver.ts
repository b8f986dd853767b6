import { isError } from '@backstage/errors';
import { type Observation } from '@portico/plugin-promotions-common';
import {
  type DeliveryDriver,
  type DeliveryInspection,
  type DeliveryTarget,
  type EffectStep,
} from '@portico/plugin-promotions-node';
import {
  type ApplicationAddress,
  type ArgoCdClient,
} from '../client/ArgoCdClient';
import { type Application } from '../client/application';
import {
  type ApplicationResolver,
  applicationName,
} from './ApplicationResolver';
import {
  describe,
  healthOf,
  liveRevision,
  runningImages,
} from './applicationState';
import { inspectApplication } from './inspectApplication';
import { performSync, refusalReason } from './performSync';

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

  steps(target: DeliveryTarget): EffectStep[] {
    return [
      {
        step: 'sync',
        kind: 'argocdSync',
        target: applicationName(target),
        perform: async context => {
          const purpose =
            target.delivery.argocd?.sync === 'wait' ? 'read' : 'change';
          const resolved = await this.#resolver.resolve(target, purpose);
          return resolved.outcome === 'none'
            ? // Somebody can put it right while the delivery's time lasts.
              { state: 'waiting', reason: resolved.reason }
            : performSync({ ...resolved, client: this.#client, context });
        },
      },
    ];
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
