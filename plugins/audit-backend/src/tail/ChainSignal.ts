import { type LoggerService } from '@backstage/backend-plugin-api';
import { Client, type ClientConfig } from 'pg';

/** The channel on which the relay tells that a chain grew. */
export const CHANNEL = 'portico_audit';

const FIRST_WAIT_MILLISECONDS = 200;
const LONGEST_WAIT_MILLISECONDS = 30_000;
const CONNECT_MILLISECONDS = 10_000;

/** Told the name of the chain that grew; nothing when any may have. */
export type ChainListener = (chain: string | undefined) => void;

/**
 * Hears that chains grow, on one connection for the whole process. The connection is
 * there while somebody listens, and is made again when it breaks.
 */
export class ChainSignal {
  readonly #connection: ClientConfig;
  readonly #logger: LoggerService;
  readonly #listeners = new Set<ChainListener>();
  #client: Client | undefined;
  #opening: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #wait = FIRST_WAIT_MILLISECONDS;
  #closed = false;

  constructor(options: { connection: ClientConfig; logger: LoggerService }) {
    this.#connection = options.connection;
    this.#logger = options.logger;
  }

  /**
   * Calls a listener from now on.
   *
   * @returns ends it
   */
  async listen(listener: ChainListener): Promise<() => void> {
    this.#listeners.add(listener);
    this.#opening ??= this.#open();
    await this.#opening;
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Closes the connection; listeners hear nothing any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#listeners.clear();
    clearTimeout(this.#retry);
    await this.#opening;
    await this.#client?.end().catch(() => {});
  }

  /** Never throws: a connection that cannot be made is tried again later. */
  async #open(): Promise<void> {
    const client = new Client({
      ...this.#connection,
      application_name: 'portico: follow the audit',
      connectionTimeoutMillis: CONNECT_MILLISECONDS,
      keepAlive: true,
    });
    let isLost = false;
    const lose = (error?: Error) => {
      if (isLost) {
        return;
      }
      isLost = true;
      client.end().catch(() => {});
      this.#reopen(error);
    };
    client.on('error', lose);
    client.on('end', () => lose());
    client.on('notification', ({ payload }) => this.#tell(payload));
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      this.#client = client;
      this.#wait = FIRST_WAIT_MILLISECONDS;
      // Whatever was told while nobody listened is looked up now.
      this.#tell(undefined);
    } catch (error) {
      lose(error instanceof Error ? error : undefined);
    }
  }

  #reopen(error: Error | undefined): void {
    if (this.#closed) {
      return;
    }
    this.#client = undefined;
    this.#logger.warn(
      `The connection that follows the audit is lost and is made again in ${
        this.#wait
      } ms: entries come late until then${error ? ` (${error.message})` : ''}`,
    );
    this.#retry = setTimeout(() => {
      this.#opening = this.#open();
    }, this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MILLISECONDS);
  }

  #tell(chain: string | undefined): void {
    for (const listener of this.#listeners) {
      listener(chain);
    }
  }
}
