import { type LoggerService } from '@backstage/backend-plugin-api';
import { type PorticoDatabase } from '@portico/database';
import { appendAudit, pluginAuditContext } from '@portico/plugin-audit-node';
import { z } from 'zod';
import { auditEngineActs } from '../auditActs';
import { type AuditRetention, retentionDays } from '../config/readAuditConfig';
import { Loop, type Wait } from '../relay/Loop';

const HOUR_MILLISECONDS = 60 * 60 * 1_000;
const DAY_MILLISECONDS = 24 * HOUR_MILLISECONDS;
/** Entries of a block: the unit in which a chain is cut. */
const BLOCK = 256;
/** Most blocks of one transaction, so that it stays short. */
const BLOCKS_AT_ONCE = 20;

const chainsSchema = z.object({
  rows: z.array(z.object({ chain: z.string() })),
});
const bounds = z.coerce.number().nullable();
const boundsSchema = z.object({
  rows: z.tuple([
    z.object({
      base: bounds,
      oldestKept: bounds,
      newest: bounds,
      anchored: bounds,
    }),
  ]),
});
const headSchema = z.object({
  rows: z.tuple([z.object({ hash: z.instanceof(Buffer) })]),
});

/**
 * Removes entries that are older than their chain's retention: whole blocks from the
 * front, which a checkpoint outside of the database covers. Their roots and the hash of
 * the last one stay, so that what is kept can still be proven.
 */
export class RetentionWorker {
  readonly #database: PorticoDatabase;
  readonly #retention: AuditRetention;
  readonly #now: () => Date;
  readonly #logger: LoggerService;
  readonly #loop: Loop;

  constructor(options: {
    database: PorticoDatabase;
    retention: AuditRetention;
    now: () => Date;
    logger: LoggerService;
    wait?: Wait;
  }) {
    this.#database = options.database;
    this.#retention = options.retention;
    this.#now = options.now;
    this.#logger = options.logger;
    this.#loop = new Loop({
      name: 'The retention of the audit',
      pauseMilliseconds: HOUR_MILLISECONDS,
      run: async signal => {
        await this.prune(signal);
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

  /** Prunes what may be pruned now in all chains; tells how many entries that was. */
  async prune(signal: AbortSignal): Promise<number> {
    const answer = await this.#database.asPlatform(
      'list the chains for retention',
      transaction => transaction.raw('select chain from portico_audit.chains'),
    );
    let pruned = 0;
    for (const { chain } of chainsSchema.parse(answer).rows) {
      const days = retentionDays(this.#retention, chain);
      let more = days !== undefined;
      while (days !== undefined && more && !signal.aborted) {
        const count = await this.#pruneOnce(chain, days);
        more = count > 0;
        pruned += count;
      }
    }
    return pruned;
  }

  async #pruneOnce(chain: string, days: number): Promise<number> {
    return this.#database.asPlatform(
      'prune what is older than its retention',
      async transaction => {
        const found = await transaction.raw(
          `select (select max(sequence) from portico_audit.prunings where chain = :chain) as base,
                  (select min(sequence) from portico_audit.entries
                    where chain = :chain and occurred_at >= :since) as "oldestKept",
                  (select max(sequence) from portico_audit.entries where chain = :chain) as newest,
                  (select max(size) from portico_audit.deliveries
                    where chain = :chain and outcome = 'delivered') as anchored`,
          {
            chain,
            since: new Date(this.#now().getTime() - days * DAY_MILLISECONDS),
          },
        );
        const { base, oldestKept, newest, anchored } =
          boundsSchema.parse(found).rows[0];
        const from = base ?? 0;
        const last = Math.min(
          (oldestKept ?? Infinity) - 1,
          (newest ?? 0) - 1,
          anchored ?? 0,
          from + BLOCK * BLOCKS_AT_ONCE,
        );
        const to = Math.floor(last / BLOCK) * BLOCK;
        if (to <= from) {
          return 0;
        }
        const head = headSchema.parse(
          await transaction.raw(
            'select hash from portico_audit.entries where chain = ? and sequence = ?',
            [chain, to],
          ),
        );
        await appendAudit(transaction, {
          chain,
          act: auditEngineActs.prune,
          context: pluginAuditContext('audit'),
          subject: { kind: 'chain', ref: chain },
          details: {
            from: from + 1,
            to,
            head: `sha256:${head.rows[0].hash.toString('hex')}`,
            days,
          },
        });
        await transaction.raw('select portico_audit.prune(?, ?)', [chain, to]);
        this.#logger.info(
          `Pruned the chain ${chain} up to entry ${to}: older than ${days} days`,
        );
        return to - from;
      },
    );
  }
}
