import { type Observation } from '@portico/plugin-promotions-common';
import { type DeliveryTarget } from '@portico/plugin-promotions-node';
import { type EffectRunner } from '../engine/EngineParts';

const LONGEST_WAIT_MILLISECONDS = 3_000;
const FRESH_MILLISECONDS = 10_000;
const MOST_KEPT = 5_000;
const AT_ONCE = 8;

/**
 * What environments say, for pages: asked a few at a time, not waited for long, and kept
 * for some seconds, so that a full board costs one question per target.
 */
export class Observations {
  readonly #observer: Pick<EffectRunner, 'observe'>;
  readonly #now: () => Date;
  readonly #kept = new Map<
    string,
    { at: number; observation: Promise<Observation | undefined> }
  >();
  readonly #queue: Array<() => void> = [];
  #running = 0;

  constructor(options: {
    observer: Pick<EffectRunner, 'observe'>;
    now: () => Date;
  }) {
    this.#observer = options.observer;
    this.#now = options.now;
  }

  /** Undefined where nothing can be observed; it never throws. */
  async of(target: DeliveryTarget): Promise<Observation | undefined> {
    const key = JSON.stringify(target);
    const now = this.#now().getTime();
    const kept = this.#kept.get(key);
    if (kept && now - kept.at < FRESH_MILLISECONDS) {
      return kept.observation;
    }
    const observation = this.#ask(target);
    this.#kept.delete(key);
    this.#kept.set(key, { at: now, observation });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) {
      this.#kept.delete(oldest);
    }
    return observation;
  }

  async #ask(target: DeliveryTarget): Promise<Observation | undefined> {
    const unknown = (reason: string): Observation => ({
      health: 'unknown',
      reason,
      running: [],
      source: target.delivery.driver,
      observedAt: this.#now().toISOString(),
    });
    if (this.#running >= AT_ONCE) {
      await new Promise<void>(resolve => {
        this.#queue.push(resolve);
      });
    }
    this.#running += 1;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<Observation>(resolve => {
      timer = setTimeout(
        () => resolve(unknown('It did not answer in time.')),
        LONGEST_WAIT_MILLISECONDS,
      );
    });
    try {
      return await Promise.race([this.#observer.observe(target), patience]);
    } catch {
      return unknown('It could not be asked.');
    } finally {
      clearTimeout(timer);
      this.#running -= 1;
      this.#queue.shift()?.();
    }
  }
}
