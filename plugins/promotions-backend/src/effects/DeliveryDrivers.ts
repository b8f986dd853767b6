import { InputError, isError } from '@backstage/errors';
import {
  type DeliveryProgress,
  type Observation,
} from '@portico/plugin-promotions-common';
import {
  type DeliveryDriver,
  type DeliveryTarget,
} from '@portico/plugin-promotions-node';

const TIMEOUT_MILLISECONDS = 10_000;

/** With plain Git the commit is all there is to do, and nothing can be observed. */
const git: DeliveryDriver = {
  kind: 'git',
  steps: () => [],
  observe: async () => undefined,
};

/** Makes true what the deployment repository says, per environment. */
export class DeliveryDrivers {
  readonly #drivers: ReadonlyMap<string, DeliveryDriver>;
  readonly #now: () => Date;

  constructor(options: {
    drivers: readonly DeliveryDriver[];
    now: () => Date;
  }) {
    this.#drivers = new Map(
      [git, ...options.drivers].map(driver => [driver.kind, driver]),
    );
    this.#now = options.now;
  }

  /** @throws InputError for a driver that no module added */
  of({ environment, delivery }: DeliveryTarget): DeliveryDriver {
    const driver = this.#drivers.get(delivery.driver);
    if (!driver) {
      throw new InputError(
        `This portal has no driver '${
          delivery.driver
        }', which the environment ${environment} asks for; it has ${[
          ...this.#drivers.keys(),
        ].join(', ')}`,
      );
    }
    return driver;
  }

  /** How what was declared comes to run; undefined where the driver has nothing to tell. */
  async progress(
    target: DeliveryTarget,
  ): Promise<DeliveryProgress | undefined> {
    try {
      return await this.of(target).progress?.(
        target,
        AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      );
    } catch (error) {
      return {
        source: target.delivery.driver,
        observedAt: this.#now().toISOString(),
        problem: isError(error) ? error.message : 'unknown error',
        rollouts: [],
      };
    }
  }

  /** What runs now; `unknown` with the reason when nobody can tell. */
  async observe(target: DeliveryTarget): Promise<Observation | undefined> {
    const driver = this.of(target);
    try {
      return await driver.observe(
        target,
        AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      );
    } catch (error) {
      return {
        health: 'unknown',
        reason: `The driver ${driver.kind} could not tell: ${
          isError(error) ? error.message : 'unknown error'
        }`,
        running: [],
        source: driver.kind,
        observedAt: this.#now().toISOString(),
      };
    }
  }
}
