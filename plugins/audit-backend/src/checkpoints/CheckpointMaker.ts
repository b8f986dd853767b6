import { type LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import {
  digestText,
  formatVerifierKey,
  readUnverifiedCheckpoint,
  signCheckpoint,
  type SigningKey,
} from '@portico/plugin-audit-common/chain';
import { type Knex } from 'knex';
import { z } from 'zod';
import { newestSigningKey } from '../keys/introduceSigningKey';
import { Loop, type Wait } from '../relay/Loop';
import { readTree } from './readTree';

const PAUSE_MILLISECONDS = 2_000;

const dueSchema = z.object({
  rows: z.array(
    z.object({
      chain: z.string(),
      size: z.coerce.number(),
      head: z.instanceof(Buffer),
      last_note: z.string().nullable(),
    }),
  ),
});

/** A chain is not what was signed before. */
class RewrittenError extends Error {}

/**
 * Signs the state of each chain, every so many entries or minutes when there is
 * something new. Each replica has one; a lock of the database keeps them apart.
 */
export class CheckpointMaker {
  readonly #database: PorticoDatabase;
  readonly #key: SigningKey;
  readonly #everyEntries: number;
  readonly #everyMilliseconds: number;
  readonly #now: () => Date;
  readonly #logger: LoggerService;
  readonly #onMade: () => void;
  readonly #loop: Loop;
  /** Chains whose signing was refused, to say it once. */
  readonly #refused = new Set<string>();

  constructor(options: {
    database: PorticoDatabase;
    key: SigningKey;
    everyEntries: number;
    everyMilliseconds: number;
    now: () => Date;
    logger: LoggerService;
    /** Called when there are new checkpoints. */
    onMade?: () => void;
    wait?: Wait;
  }) {
    this.#database = options.database;
    this.#key = options.key;
    this.#everyEntries = options.everyEntries;
    this.#everyMilliseconds = options.everyMilliseconds;
    this.#now = options.now;
    this.#logger = options.logger;
    this.#onMade = options.onMade ?? (() => {});
    this.#loop = new Loop({
      name: 'Making checkpoints of the audit',
      pauseMilliseconds: PAUSE_MILLISECONDS,
      run: async () => {
        await this.make();
        return false;
      },
      logger: options.logger,
      wait: options.wait,
    });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /** Makes the checkpoints that are due; tells how many. */
  async make(): Promise<number> {
    const made = await this.#database.asPlatform(
      'sign checkpoints of all chains',
      async transaction => {
        const held = await transaction.raw(
          'select 1 where pg_try_advisory_xact_lock(7007, 12)',
        );
        // An older replica does not sign once a newer key was introduced.
        if (
          held.rows.length === 0 ||
          (await newestSigningKey(transaction)) !==
            formatVerifierKey(this.#key.verifier)
        ) {
          return 0;
        }
        let count = 0;
        for (const due of await this.#due(transaction)) {
          count += (await this.#sign(transaction, due)) ? 1 : 0;
        }
        return count;
      },
    );
    if (made > 0) {
      this.#onMade();
    }
    return made;
  }

  async #due(transaction: Knex.Transaction) {
    const answer = await transaction.raw(
      `select chains.chain, head.sequence as size, head.hash as head, last.note as last_note
         from portico_audit.chains
         join lateral (
           select sequence, hash from portico_audit.entries
            where chain = chains.chain order by sequence desc limit 1
         ) as head on true
         left join lateral (
           select size, note from portico_audit.checkpoints
            where chain = chains.chain order by size desc limit 1
         ) as last on true
         left join portico_audit.entries oldest
           on oldest.chain = chains.chain and oldest.sequence = coalesce(last.size, 0) + 1
        where head.sequence >= coalesce(last.size, 0) + :everyEntries
           or oldest.occurred_at <= :since`,
      {
        everyEntries: this.#everyEntries,
        since: new Date(this.#now().getTime() - this.#everyMilliseconds),
      },
    );
    return dueSchema.parse(answer).rows;
  }

  async #sign(
    transaction: Knex.Transaction,
    due: z.infer<typeof dueSchema>['rows'][number],
  ): Promise<boolean> {
    const { chain, size } = due;
    const time = this.#now();
    try {
      if (due.last_note !== null) {
        await this.#checkUnchanged(transaction, chain, due.last_note);
      }
      const tree = await readTree(transaction, chain, size);
      const note = signCheckpoint(
        {
          origin: this.#key.verifier.name,
          chain,
          size,
          root: tree.root(),
          head: digestText(due.head),
          time: time.toISOString(),
        },
        this.#key,
      );
      await transaction.raw(
        `insert into portico_audit.checkpoints (chain, size, note, created_at)
         values (?, ?, ?, ?)`,
        [chain, size, note, time],
      );
      this.#refused.delete(chain);
      return true;
    } catch (error) {
      if (!(error instanceof RewrittenError)) {
        throw error;
      }
      // The other chains go on.
      if (!this.#refused.has(chain)) {
        this.#refused.add(chain);
        this.#logger.error(stringifyError(error));
      }
      return false;
    }
  }

  /** What was signed once must still be there; the portal signs no other past. */
  async #checkUnchanged(
    transaction: Knex.Transaction,
    chain: string,
    lastNote: string,
  ): Promise<void> {
    const last = readUnverifiedCheckpoint(lastNote);
    const tree = await readTree(transaction, chain, last.size).catch(
      () => undefined,
    );
    if (!tree?.root().equals(last.root)) {
      throw new RewrittenError(
        `The chain ${chain} is no longer what the checkpoint at ${last.size} entries says: no checkpoint is made of it until somebody looked at it with portico audit verify`,
      );
    }
  }
}
