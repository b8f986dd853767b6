import {
  type JetStreamClient,
  jetstream,
  type JetStreamManager,
  jetstreamManager,
} from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { cloudEventOf, natsSubjectOf, type StoredEvent } from './cloudEventOf';
import { type NatsConfig } from './readNatsConfig';

const TIMEOUT_MILLISECONDS = 5_000;
const NANOSECONDS = 1_000_000;
/** As long as Portico keeps its own. */
const KEPT_MILLISECONDS = 7 * 24 * 3_600_000;
/** Replicas publish the same events within a second of each other. */
const DUPLICATES_MILLISECONDS = 10 * 60_000;
const ID_HEADER = 'ce-id';

/** The stream that events are written to. */
export class JetStream {
  readonly #connection: NatsConnection;
  readonly #client: JetStreamClient;
  readonly #manager: JetStreamManager;
  readonly #config: NatsConfig;

  private constructor(
    connection: NatsConnection,
    manager: JetStreamManager,
    config: NatsConfig,
  ) {
    this.#connection = connection;
    this.#client = jetstream(connection, { timeout: TIMEOUT_MILLISECONDS });
    this.#manager = manager;
    this.#config = config;
  }

  /** Connects, and makes the stream when it is missing. */
  static async open(config: NatsConfig): Promise<JetStream> {
    const { servers, token, user, password: pass } = config;
    const connection = await connect({
      servers,
      name: 'portico',
      timeout: TIMEOUT_MILLISECONDS,
      // Whoever uses it opens another one, and begins with what the stream has.
      reconnect: false,
      ...(token !== undefined && { token }),
      ...(user !== undefined && { user, pass }),
    });
    try {
      const manager = await jetstreamManager(connection, {
        timeout: TIMEOUT_MILLISECONDS,
      });
      const names = await manager.streams
        .names(`${config.subjectPrefix}.>`)
        .next();
      if (!names.includes(config.stream)) {
        await manager.streams.add({
          name: config.stream,
          subjects: [`${config.subjectPrefix}.>`],
          max_age: KEPT_MILLISECONDS * NANOSECONDS,
          duplicate_window: DUPLICATES_MILLISECONDS * NANOSECONDS,
        });
      }
      return new JetStream(connection, manager, config);
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  /** Id of the newest event in the stream: the stream itself remembers how far it is. */
  async lastId(): Promise<string | undefined> {
    const message = await this.#manager.streams.getMessage(
      this.#config.stream,
      { last_by_subj: `${this.#config.subjectPrefix}.>` },
    );
    return message?.header.get(ID_HEADER) || undefined;
  }

  /** Writes an event, and waits until the stream has it. The same id is kept once. */
  async publish(stored: StoredEvent): Promise<void> {
    const event = cloudEventOf(stored);
    const head = headers();
    head.set('content-type', 'application/cloudevents+json');
    head.set(ID_HEADER, event.id);
    await this.#client.publish(
      natsSubjectOf(this.#config.subjectPrefix, stored),
      JSON.stringify(event),
      { msgID: event.id, headers: head, timeout: TIMEOUT_MILLISECONDS },
    );
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }
}
