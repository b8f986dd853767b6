import { type LoggerService } from '@backstage/backend-plugin-api';
import { Loop, type Wait } from '../relay/Loop';
import { type CheckpointDestination } from './CheckpointDestination';
import { DELIVERY_BATCH, type DeliveryStore } from './DeliveryStore';

const ROUND_MILLISECONDS = 120_000;
const PAUSE_MILLISECONDS = 15_000;

/**
 * Brings the checkpoints to one destination. Each replica of the portal has one; that
 * two do the same work is harmless, as nothing is replaced.
 */
export class DeliveryWorker {
  readonly #destination: CheckpointDestination;
  readonly #store: DeliveryStore;
  readonly #logger: LoggerService;
  readonly #secrets: readonly string[];
  readonly #loop: Loop;

  constructor(options: {
    destination: CheckpointDestination;
    store: DeliveryStore;
    logger: LoggerService;
    /** What must not stand in a reason that is kept and shown. */
    secrets: readonly string[];
    wait?: Wait;
  }) {
    this.#destination = options.destination;
    this.#store = options.store;
    this.#logger = options.logger;
    this.#secrets = options.secrets;
    this.#loop = new Loop({
      name: `Bringing checkpoints to ${options.destination.name}`,
      pauseMilliseconds: PAUSE_MILLISECONDS,
      run: signal => this.deliver(signal),
      logger: options.logger,
      wait: options.wait,
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** There is a new checkpoint. */
  wake(): void {
    this.#loop.wake();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    await this.#destination.close();
  }

  /** Brings what waits; tells whether there may be more. */
  async deliver(signal: AbortSignal): Promise<boolean> {
    const destination = this.#destination;
    const files = await this.#store.pending(destination.name);
    if (files.length === 0) {
      return false;
    }
    let outcomes;
    try {
      outcomes = await destination.deliver(
        files,
        AbortSignal.any([signal, AbortSignal.timeout(ROUND_MILLISECONDS)]),
      );
    } catch (error) {
      // The portal stops: nothing was found out about the place.
      if (!signal.aborted) {
        const failure = this.#reason(error);
        await this.#store.recordFailure(destination, files, failure);
        throw new Error(failure);
      }
      return false;
    }
    await this.#store.record(destination, files, outcomes);
    files.forEach((file, index) => {
      if (outcomes[index] === 'conflict') {
        this.#logger.error(
          `${destination.name} holds something else at ${file.name} than the checkpoint that was made: somebody else writes there, or the chain ${file.chain} was rewritten. It was not replaced; compare it with portico audit verify --checkpoints`,
        );
      }
    });
    return files.length === DELIVERY_BATCH;
  }

  #reason(error: unknown): string {
    let text = error instanceof Error ? error.message : String(error);
    for (const secret of this.#secrets) {
      text = text.replaceAll(secret, '***');
    }
    return text.slice(0, 500) || 'no reason was given';
  }
}
