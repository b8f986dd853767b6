import { type AuditFilter } from '@portico/plugin-audit-common';
import { type PorticoDatabase } from '@portico/database';
import { type Knex } from 'knex';
import { z } from 'zod';
import { createEntryFilter } from '../query/EntryFilter';
import { readIn, type ReadScope } from '../query/ReadScope';
import { allOf } from '../query/SqlCondition';
import { withinTime } from '../query/withinTime';
import { type EntryAddress } from './eventId';

/** Entries of one chain that are looked at in one go. */
export const TAIL_BATCH = 100;

const TIME_OUT_MILLISECONDS = 5_000;
/**
 * An entry can be chained this much later than a younger one of another chain: longer
 * than any transaction of an act may last.
 */
const REPLAYED = '10 minutes';

const headRowsSchema = z.object({
  rows: z.array(z.object({ chain: z.string(), sequence: z.coerce.number() })),
});
const newRowsSchema = z.object({
  rows: z.array(
    z.object({
      chain: z.string(),
      sequence: z.coerce.number(),
      occurred_at: z.date(),
      meets: z.boolean(),
    }),
  ),
});

/** A new entry, and whether it meets the filter. */
export type NewEntry = z.infer<typeof newRowsSchema>['rows'][number];

/** Finds what is new in chains. */
export class TailQuery {
  readonly #database: PorticoDatabase;

  constructor(options: { database: PorticoDatabase }) {
    this.#database = options.database;
  }

  /** The chains of the scope and their newest entries. */
  async heads(scope: ReadScope): Promise<EntryAddress[]> {
    return this.#positions(
      scope,
      `select chains.chain, newest.sequence from portico_audit.chains,
              lateral (select max(sequence) as sequence from portico_audit.entries
                        where entries.chain = chains.chain) as newest
        where newest.sequence is not null`,
      [],
    );
  }

  /**
   * Where to go on for a reader who saw an entry last. In its own chain that is the next
   * one. Other chains have no common order with it, so they begin some minutes before:
   * readers of all chains get those entries a second time, and lose none.
   */
  async after(scope: ReadScope, last: EntryAddress): Promise<EntryAddress[]> {
    if (scope.chain !== undefined) {
      const heads = await this.heads(scope);
      // A number that is not given yet must not hold back what comes before it.
      return heads.map(({ chain, sequence }) => ({
        chain,
        sequence: Math.min(sequence, last.sequence),
      }));
    }
    const others = await this.#positions(
      scope,
      `select chains.chain, coalesce(oldest.sequence, newest.sequence + 1, 1) - 1 as sequence
         from portico_audit.chains,
              lateral (
                select min(sequence) as sequence from portico_audit.entries
                 where entries.chain = chains.chain and occurred_at >= (
                   select occurred_at - interval '${REPLAYED}' from portico_audit.entries
                    where chain = ? and sequence = ?
                 )
              ) as oldest,
              lateral (select max(sequence) as sequence from portico_audit.entries
                        where entries.chain = chains.chain) as newest`,
      [last.chain, last.sequence],
    );
    return others.map(other => (other.chain === last.chain ? last : other));
  }

  /**
   * The entries behind each position, in the order of their chain; all of them, so that
   * none is skipped, and at most `TAIL_BATCH` of each chain.
   */
  async next(
    scope: ReadScope,
    positions: readonly EntryAddress[],
    filter: AuditFilter,
  ): Promise<NewEntry[]> {
    const read = (transaction: Knex.Transaction) =>
      withinTime(transaction, TIME_OUT_MILLISECONDS, async () => {
        const { range, rest } = await createEntryFilter(
          transaction,
          scope,
          filter,
        );
        const meets = allOf([range, rest]);
        return transaction.raw(
          `select entries.chain, entries.sequence, occurred_at, (${meets.sql}) as meets
             from unnest(?::text[], ?::bigint[]) as position (of, sequence),
                  lateral (
                    select * from portico_audit.entries
                     where entries.chain = position.of
                       and entries.sequence > position.sequence
                     order by entries.sequence limit ${TAIL_BATCH}
                  ) as entries
            order by entries.chain, entries.sequence`,
          [
            ...meets.bindings,
            positions.map(({ chain }) => chain),
            positions.map(({ sequence }) => sequence),
          ],
        );
      });
    const answer = await readIn(this.#database, scope, read);
    return newRowsSchema.parse(answer).rows;
  }

  async #positions(
    scope: ReadScope,
    sql: string,
    bindings: Knex.RawBinding[],
  ): Promise<EntryAddress[]> {
    const answer = await readIn(this.#database, scope, transaction =>
      withinTime(transaction, TIME_OUT_MILLISECONDS, () =>
        transaction.raw(
          `select * from (${sql}) as heads where ?::text is null or chain = ?`,
          [...bindings, scope.chain ?? null, scope.chain ?? null],
        ),
      ),
    );
    return headRowsSchema.parse(answer).rows;
  }
}
