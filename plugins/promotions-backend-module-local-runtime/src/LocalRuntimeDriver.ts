import { parseEntityRef } from '@backstage/catalog-model';
import { isError } from '@backstage/errors';
import {
  type EnvironmentAddress,
  type RuntimeClient,
} from '@portico/plugin-local-runtime-backend';
import {
  type EnvironmentStatus,
  LOCAL_RUNTIME_NAME,
} from '@portico/plugin-local-runtime-common';
import { type Observation } from '@portico/plugin-promotions-common';
import {
  type DeliveryDriver,
  type DeliveryTarget,
  type EffectContext,
  type EffectOutcome,
  type EffectStep,
} from '@portico/plugin-promotions-node';
import { observationOf } from './observationOf';

const ASK_AGAIN_MILLISECONDS = 500;
/** So often it may end by itself before it counts as broken. */
const MOST_RESTARTS = 3;

/**
 * The local runtime of a development machine: it watches the deployment repository by
 * itself, so there is only to wait until what was declared has started once.
 */
export class LocalRuntimeDriver implements DeliveryDriver {
  readonly kind = 'local';
  readonly #client: Pick<RuntimeClient, 'status' | 'wake'>;
  readonly #now: () => Date;

  constructor(options: {
    client: Pick<RuntimeClient, 'status' | 'wake'>;
    now: () => Date;
  }) {
    this.#client = options.client;
    this.#now = options.now;
  }

  steps(target: DeliveryTarget): EffectStep[] {
    const address = addressOf(target);
    return [
      {
        step: 'start',
        kind: 'rollout',
        target: `${LOCAL_RUNTIME_NAME}:${address.component}/${address.environment}`,
        perform: context => this.#start(address, context),
      },
    ];
  }

  async observe(target: DeliveryTarget): Promise<Observation> {
    const address = addressOf(target);
    try {
      return observationOf(
        address.component,
        await this.#status(address),
        this.#now(),
      );
    } catch (error) {
      return {
        health: 'unknown',
        reason: isError(error) ? error.message : 'It does not answer',
        running: [],
        source: LOCAL_RUNTIME_NAME,
        observedAt: this.#now().toISOString(),
      };
    }
  }

  /** Looks whether it started; asking again does no harm. */
  async #start(
    address: EnvironmentAddress,
    { promotion, now }: EffectContext,
  ): Promise<EffectOutcome> {
    const { component } = address;
    const wanted = promotion.release.content.images.find(
      ({ name }) => name === component,
    )?.digest;
    if (!wanted) {
      return {
        state: 'failed',
        reason: `The local runtime runs the image '${component}', and the release names none of that name`,
      };
    }
    const later = (reason: string): EffectOutcome => ({
      state: 'waiting',
      reason,
      askAgainAt: new Date(now.getTime() + ASK_AGAIN_MILLISECONDS),
    });
    const status = await this.#status(address);
    if (status?.declared?.digest !== wanted) {
      return status?.state === 'failed' && status.reason
        ? { state: 'failed', reason: status.reason.message }
        : later('The local runtime has not seen the commit yet');
    }
    const why = (otherwise: string) => status.reason?.message ?? otherwise;
    switch (status.state) {
      case 'running':
      case 'unhealthy':
        if (status.running?.digest === wanted && status.state === 'running') {
          return {
            state: 'confirmed',
            remote: {
              id: wanted,
              adopted: true,
              ...(status.address && { url: status.address }),
            },
          };
        }
        return status.reason?.code === 'newRevisionFailed'
          ? { state: 'failed', reason: status.reason.message }
          : later(why('It takes the place of the revision before'));
      case 'sleeping':
        await this.#client.wake(address);
        return later('It is woken');
      case 'starting':
        return later(why('It starts'));
      case 'crashing':
        return status.restarts > MOST_RESTARTS
          ? {
              state: 'failed',
              reason: why('It ends by itself, again and again'),
            }
          : later(why('It ended by itself and is started again'));
      case 'failed':
        return { state: 'failed', reason: why('It cannot be started') };
      case 'stopped':
        return {
          state: 'failed',
          reason: `The deployment repository asks for 0 replicas of ${component} in ${address.environment}; raise them there`,
        };
      case 'notDeclared':
        return later('The local runtime has not seen the commit yet');
      default:
        throw new Error(`Unknown state ${status.state satisfies never}`);
    }
  }

  async #status(
    address: EnvironmentAddress,
  ): Promise<EnvironmentStatus | undefined> {
    try {
      const { environments } = await this.#client.status(address);
      return environments.find(
        ({ environment }) => environment === address.environment,
      );
    } catch (error) {
      if (isError(error) && error.name === 'NotFoundError') {
        return undefined;
      }
      throw error;
    }
  }
}

function addressOf({
  tenant,
  component,
  environment,
}: DeliveryTarget): EnvironmentAddress {
  return { tenant, component: parseEntityRef(component).name, environment };
}
