import { setImmediate } from 'timers/promises';
import { type LoggerService } from '@backstage/backend-plugin-api';
import { type PorticoDatabase } from '@portico/database';
import { z } from 'zod';
import { ActChainer, type ChainedAct } from './ActChainer';
import { Commitments } from './Commitments';
import { growTree } from './growTree';
import { Loop, type Wait } from './Loop';
import { type ReadAct, readAct, unreadableAct } from './readAct';
import { RelayStore } from './RelayStore';

const BATCH = 2_000;
/** Acts that are chained while the database writes those before them. */
const CHUNK = 500;
const PAUSE_MILLISECONDS = 200;

/** Classes of PostgreSQL errors that say: these data, and not the database. */
const dataErrorSchema = z.object({
  code: z.string().regex(/^(22|23|54)[0-9A-Z]{3}$/),
});

/**
 * Brings acts from the outbox into their chains.
 *
 * Each replica of the portal has one; whoever holds a lock of the database works. A
 * batch is one transaction from reading to removing, so the relay can be killed at any
 * instant: nothing is lost, doubled or reordered. It reads in the order of appending: an
 * act that began after another was committed comes after it.
 */
export class Relay {
  readonly #database: PorticoDatabase;
  readonly #origin: string;
  readonly #logger: LoggerService;
  readonly #onChained: () => void;
  readonly #loop: Loop;
  /** Acts that are chained one by one, because one of them upset the database. */
  #single = 0;

  constructor(options: {
    database: PorticoDatabase;
    origin: string;
    logger: LoggerService;
    /** Called after each batch. */
    onChained?: () => void;
    wait?: Wait;
  }) {
    this.#database = options.database;
    this.#origin = options.origin;
    this.#logger = options.logger;
    this.#onChained = options.onChained ?? (() => {});
    this.#loop = new Loop({
      name: 'The relay of the audit',
      pauseMilliseconds: PAUSE_MILLISECONDS,
      longestPauseMilliseconds: 5_000,
      run: async () => (await this.relay()) > 0,
      logger: options.logger,
      wait: options.wait,
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** Waits for the batch in hand; what was not chained yet stays in the outbox. */
  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /**
   * Chains one batch.
   *
   * @returns how many acts were chained; 0 when none waits or another relay works
   */
  async relay(): Promise<number> {
    const limit = this.#single > 0 ? 1 : BATCH;
    let chained;
    try {
      chained = await this.#batch({ limit });
    } catch (error) {
      if (!dataErrorSchema.safeParse(error).success) {
        throw error;
      }
      if (limit > 1) {
        this.#single = BATCH;
        return this.relay();
      }
      chained = await this.#batch({ limit, refused: true });
    }
    this.#single = chained < limit ? 0 : Math.max(0, this.#single - 1);
    if (chained > 0) {
      this.#onChained();
    }
    return chained;
  }

  async #batch(options: { limit: number; refused?: boolean }): Promise<number> {
    const unreadable: string[] = [];
    const chained = await this.#database.asPlatform(
      'chain the audit of all tenants',
      async transaction => {
        const store = new RelayStore(transaction);
        if (!(await store.tryHold())) {
          return 0;
        }
        const waiting = await store.waiting(options.limit);
        if (waiting.length === 0) {
          return 0;
        }
        const acts = waiting.map(act =>
          options.refused
            ? unreadableAct(act, 'The database refused it')
            : readAct(act),
        );
        const chains = [...new Set(acts.map(({ chain }) => chain))];
        const heads = await store.heads(chains);
        const commitments = await Commitments.load(
          store,
          acts.flatMap(({ chain, data }) =>
            data.map(datum => ({ chain, datum })),
          ),
        );
        const takenIds = await store.known(acts.map(({ id }) => id));
        const chainer = new ActChainer({
          origin: this.#origin,
          heads,
          commitments,
          takenIds,
        });
        const results = await addChained(store, chainer, acts);
        const rows = results.map(({ row }) => row);
        const added = commitments.added(
          new Set(rows.flatMap(row => row.commitments)),
        );
        if (added.length > 0) {
          await store.addPersonalData(added);
        }
        const fresh = chains.filter(chain => !heads.get(chain)?.sequence);
        if (fresh.length > 0) {
          await store.addChains(fresh);
        }
        await growTree(store, heads, rows);
        const freed = await store.free(waiting.map(({ position }) => position));
        if (freed !== waiting.length) {
          throw new Error(
            `The outbox let go of ${freed} acts where ${waiting.length} were chained`,
          );
        }
        await store.notify(chains);
        for (const { row, unreadable: reason } of results) {
          if (reason) {
            unreadable.push(`${row.chain}/${row.sequence}: ${reason}`);
          }
        }
        return waiting.length;
      },
    );
    for (const text of unreadable) {
      this.#logger.error(
        `An act could not be chained as it was; its digest is the entry ${text}`,
      );
    }
    return chained;
  }
}

async function addChained(
  store: RelayStore,
  chainer: ActChainer,
  acts: readonly ReadAct[],
): Promise<ChainedAct[]> {
  const results: ChainedAct[] = [];
  let written: Promise<void> = Promise.resolve();
  for (let start = 0; start < acts.length; start += CHUNK) {
    const chunk = acts
      .slice(start, start + CHUNK)
      .map(act => chainer.chain(act));
    await written;
    written = store.addEntries(chunk.map(({ row }) => row));
    // A failure is met at the next await, not in between.
    written.catch(() => {});
    // lets the statement leave before the processor is taken for the next acts
    await setImmediate();
    results.push(...chunk);
  }
  await written;
  return results;
}
