import { type PorticoDatabase } from '@portico/database';
import { z } from 'zod';
import {
  type CheckpointDestination,
  type CheckpointFile,
  checkpointFileName,
  type DeliveryOutcome,
} from './CheckpointDestination';
import { appendAudit, pluginAuditContext } from '@portico/plugin-audit-node';
import { auditEngineActs } from '../auditActs';

/** Most checkpoints that are brought to a place in one go. */
export const DELIVERY_BATCH = 200;

const pendingSchema = z.object({
  rows: z.array(
    z.object({ chain: z.string(), size: z.coerce.number(), note: z.string() }),
  ),
});

/** What is known of the checkpoints in the places outside; rows are only added. */
export class DeliveryStore {
  readonly #database: PorticoDatabase;
  readonly #now: () => Date;

  constructor(options: { database: PorticoDatabase; now: () => Date }) {
    this.#database = options.database;
    this.#now = options.now;
  }

  /** Checkpoints that a destination did not get yet, in the order of their making. */
  async pending(destination: string): Promise<CheckpointFile[]> {
    const answer = await this.#database.asPlatform(
      'deliver checkpoints of all chains',
      transaction =>
        transaction.raw(
          `select checkpoint.chain, checkpoint.size, checkpoint.note
             from portico_audit.chains,
                  lateral (
                    select coalesce(max(size), 0) as size from portico_audit.deliveries
                     where destination = :destination and chain = chains.chain
                       and outcome <> 'failed'
                  ) as done,
                  lateral (
                    select * from portico_audit.checkpoints
                     where chain = chains.chain and size > done.size
                     order by size limit :batch
                  ) as checkpoint
            order by checkpoint.created_at, checkpoint.chain, checkpoint.size
            limit :batch`,
          { destination, batch: DELIVERY_BATCH },
        ),
    );
    return pendingSchema.parse(answer).rows.map(row => ({
      ...row,
      name: checkpointFileName(row.chain, row.size),
    }));
  }

  /** Records what became of deliveries; a conflict is an entry of its chain as well. */
  async record(
    destination: CheckpointDestination,
    files: readonly CheckpointFile[],
    outcomes: readonly DeliveryOutcome[],
  ): Promise<void> {
    await this.#database.asPlatform(
      'record deliveries of checkpoints',
      async transaction => {
        const rows = files.map((file, index) => ({
          chain: file.chain,
          size: file.size,
          outcome: outcomes[index],
          failure:
            outcomes[index] === 'conflict'
              ? `Something else stands at ${file.name}; it was not replaced`
              : null,
        }));
        await transaction.raw(
          `insert into portico_audit.deliveries
             (chain, destination, type, size, outcome, failure, at)
           select chain, ?, ?, size, outcome, failure, ?
             from json_to_recordset(?)
               as row (chain text, size bigint, outcome text, failure text)`,
          [
            destination.name,
            destination.type,
            this.#now(),
            JSON.stringify(rows),
          ],
        );
        for (const { chain, size } of rows.filter(
          ({ outcome }) => outcome === 'conflict',
        )) {
          await appendAudit(transaction, {
            chain,
            act: auditEngineActs.conflict,
            context: pluginAuditContext('audit'),
            subject: { kind: 'checkpoint', ref: `${chain}/${size}` },
            outcome: 'failed',
            details: { destination: destination.name, size },
          });
        }
      },
    );
  }

  /**
   * Records that a destination cannot be used: once per chain that waits for it and
   * per reason, until a delivery works again.
   */
  async recordFailure(
    destination: CheckpointDestination,
    files: readonly CheckpointFile[],
    failure: string,
  ): Promise<void> {
    const first = new Map<string, number>();
    for (const { chain, size } of files) {
      first.set(chain, Math.min(size, first.get(chain) ?? size));
    }
    const rows = [...first].map(([chain, size]) => ({ chain, size }));
    await this.#database.asPlatform(
      'record failed deliveries of checkpoints',
      transaction =>
        transaction.raw(
          `insert into portico_audit.deliveries
             (chain, destination, type, size, outcome, failure, at)
           select row.chain, :name, :type, row.size, 'failed', :failure, :at
             from json_to_recordset(:rows) as row (chain text, size bigint)
            where not exists (
              select from (
                select outcome, failure from portico_audit.deliveries
                 where destination = :name and chain = row.chain
                 order by id desc limit 1
              ) as newest
               where newest.outcome = 'failed' and newest.failure = :failure
            )`,
          {
            name: destination.name,
            type: destination.type,
            failure,
            at: this.#now(),
            rows: JSON.stringify(rows),
          },
        ),
    );
  }
}
