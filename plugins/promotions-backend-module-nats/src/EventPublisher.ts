import { type LoggerService } from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import { type EventTable } from './EventTable';
import { JetStream } from './JetStream';
import { type NatsConfig } from './readNatsConfig';

const PAUSE_MILLISECONDS = 1_000;
const LONGEST_PAUSE_MILLISECONDS = 30_000;

/**
 * Writes every change of delivery to the stream, from where the stream ends. It keeps no
 * state, so it can be killed at any instant; what could not be written is tried again.
 */
export class EventPublisher {
  readonly #table: Pick<EventTable, 'after'>;
  readonly #config: NatsConfig;
  readonly #logger: LoggerService;
  readonly #stop = new AbortController();
  /** Grows while nothing can be written. */
  #pause = PAUSE_MILLISECONDS;
  #running: Promise<void> | undefined;

  constructor(options: {
    table: Pick<EventTable, 'after'>;
    config: NatsConfig;
    logger: LoggerService;
  }) {
    this.#table = options.table;
    this.#config = options.config;
    this.#logger = options.logger;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      let stream: JetStream | undefined;
      try {
        stream = await JetStream.open(this.#config);
        await this.#follow(stream);
      } catch (error) {
        this.#logger.warn(
          `Events of delivery do not reach NATS, tried again in ${
            this.#pause / 1000
          } s: ${isError(error) ? error.message : error}`,
        );
        await this.#sleep(this.#pause);
        this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MILLISECONDS);
      } finally {
        await stream?.close().catch(() => {});
      }
    }
  }

  async #follow(stream: JetStream): Promise<void> {
    let last = await stream.lastId();
    while (!this.#stop.signal.aborted) {
      const events = await this.#table.after(last);
      for (const event of events) {
        await stream.publish(event);
        last = event.id;
      }
      this.#pause = PAUSE_MILLISECONDS;
      if (events.length === 0) {
        await this.#sleep(PAUSE_MILLISECONDS);
      }
    }
  }

  async #sleep(milliseconds: number): Promise<void> {
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, milliseconds);
      this.#stop.signal.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          resolve();
        },
        { once: true },
      );
    });
  }
}
