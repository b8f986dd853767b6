import { NotFoundError } from '@backstage/errors';
import {
  type AuditEntryView,
  type AuditFilter,
  type AuditPage,
} from '@portico/plugin-audit-common';
import { type PorticoDatabase } from '@portico/database';
import { type Knex } from 'knex';
import { z } from 'zod';
import { createEntryFilter, type EntryFilter } from './EntryFilter';
import { type EntryPosition, readCursor, writeCursor } from './PageCursor';
import { entryColumns, parseEntryRows, readEntryViews } from './readEntryViews';
import { readIn, type ReadScope } from './ReadScope';
import { allOf, type SqlCondition } from './SqlCondition';
import { withinTime } from './withinTime';

/** Newest entries that are looked through before an index is asked for all hits. */
const WALK = 5_000;
const TIME_OUT_MILLISECONDS = 5_000;
const MOST_ACTS = 1_000;

const NEWEST_FIRST = 'occurred_at desc, chain desc, sequence desc';

const positionRowsSchema = z.object({
  rows: z.array(
    z
      .object({
        occurred_at: z.date(),
        chain: z.string(),
        sequence: z.coerce.number(),
      })
      .transform(
        (row): EntryPosition => ({
          occurredAt: row.occurred_at.toISOString(),
          chain: row.chain,
          sequence: row.sequence,
        }),
      ),
  ),
});

const actRowsSchema = z.object({
  rows: z.array(z.object({ act: z.string() })),
});

/** Finds entries, newest first. */
export class EntryQuery {
  readonly #database: PorticoDatabase;
  readonly #timeOut: number;

  constructor(options: {
    database: PorticoDatabase;
    /** Most milliseconds that one search may take; 5 seconds unless told. */
    timeOutMilliseconds?: number;
  }) {
    this.#database = options.database;
    this.#timeOut = options.timeOutMilliseconds ?? TIME_OUT_MILLISECONDS;
  }

  /**
   * One page. The order is that of time; entries of one instant are ordered by chain and
   * sequence.
   *
   * @throws InputError when the cursor is none of this filter
   * @throws TooBroadError when the search takes too long
   */
  async page(
    scope: ReadScope,
    query: { filter: AuditFilter; cursor?: string; limit: number },
  ): Promise<AuditPage> {
    const { filter, cursor, limit } = query;
    const before =
      cursor === undefined ? undefined : readCursor(cursor, filter);
    const found = await this.#find(scope, { filter, before, limit: limit + 1 });
    const positions = found.slice(0, limit);
    const last = positions[positions.length - 1];
    return {
      items: await this.several(scope, positions),
      ...(found.length > limit && last
        ? { nextCursor: writeCursor(last, filter) }
        : {}),
    };
  }

  /** @throws NotFoundError when the chain has no such entry (any more) */
  async one(
    scope: ReadScope,
    address: { chain: string; sequence: number },
  ): Promise<AuditEntryView> {
    const [view] = await this.several(scope, [address]);
    if (!view) {
      throw new NotFoundError(
        `The chain ${JSON.stringify(address.chain)} has no entry ${
          address.sequence
        }: it was pruned, or does not exist`,
      );
    }
    return view;
  }

  /** Names of the acts that occur, in the order of the alphabet. */
  async acts(scope: ReadScope): Promise<string[]> {
    const { sql, bindings } = chainCondition(scope);
    // From each name to the next one, in the index: the number of entries does not count.
    const answer = await readIn(this.#database, scope, transaction =>
      withinTime(transaction, this.#timeOut, () =>
        transaction.raw(
          `with recursive acts as (
             (select act from portico_audit.entries where ${sql} order by act limit 1)
             union all
             select (select act from portico_audit.entries
                      where ${sql} and act > acts.act order by act limit 1)
               from acts where acts.act is not null
           )
           select act from acts where act is not null limit ${MOST_ACTS}`,
          [...bindings, ...bindings],
        ),
      ),
    );
    return actRowsSchema.parse(answer).rows.map(({ act }) => act);
  }

  /**
   * Under row-level security PostgreSQL may not search words in an index, so positions
   * are found in a transaction of the platform whose conditions name the chain; the
   * entries themselves are read by `several`, behind the wall.
   */
  async #find(
    scope: ReadScope,
    search: { filter: AuditFilter; before?: EntryPosition; limit: number },
  ): Promise<EntryPosition[]> {
    const find = (transaction: Knex.Transaction) =>
      withinTime(transaction, this.#timeOut, () =>
        findPositions(transaction, scope, search),
      );
    return search.filter.text === undefined
      ? readIn(this.#database, scope, find)
      : this.#database.asPlatform('find words in the audit', find);
  }

  /** Entries by their addresses, in that order; those that are gone are left out. */
  async several(
    scope: ReadScope,
    positions: ReadonlyArray<{ chain: string; sequence: number }>,
  ): Promise<AuditEntryView[]> {
    if (positions.length === 0) {
      return [];
    }
    return readIn(this.#database, scope, async transaction => {
      const answer = await transaction.raw(
        `select ${entryColumns}
           from unnest(?::text[], ?::bigint[]) with ordinality
             as wanted (chain, sequence, place)
           join portico_audit.entries using (chain, sequence)
          order by place`,
        [
          positions.map(({ chain }) => chain),
          positions.map(({ sequence }) => sequence),
        ],
      );
      return readEntryViews(transaction, parseEntryRows(answer));
    });
  }
}

function chainCondition(scope: ReadScope): SqlCondition {
  return scope.chain === undefined
    ? { sql: 'true', bindings: [] }
    : { sql: 'chain = ?', bindings: [scope.chain] };
}

async function findPositions(
  transaction: Knex.Transaction,
  scope: ReadScope,
  search: { filter: AuditFilter; before?: EntryPosition; limit: number },
): Promise<EntryPosition[]> {
  const { before, limit } = search;
  const filter = await createEntryFilter(transaction, scope, search.filter);
  const range = allOf([
    filter.range,
    ...(before
      ? [
          {
            sql: '(occurred_at, chain, sequence) < (?::timestamptz, ?, ?::bigint)',
            bindings: [before.occurredAt, before.chain, before.sequence],
          },
        ]
      : []),
  ]);
  const ask = async ({ sql, bindings }: SqlCondition) =>
    positionRowsSchema.parse(
      await transaction.raw(`${sql} order by ${NEWEST_FIRST} limit ?`, [
        ...bindings,
        limit,
      ]),
    ).rows;
  if (!filter.findsAll) {
    return ask(directly(range, filter));
  }
  // What is frequent is soon among the newest; what is rare is quickly found as a whole.
  // PostgreSQL has to guess which it is, and guesses wrong for what was frequent once.
  const recent = await ask(amongNewest(range, filter));
  return recent.length === limit ? recent : ask(asWhole(range, filter));
}

function directly(range: SqlCondition, { rest }: EntryFilter): SqlCondition {
  const all = allOf([range, rest]);
  return {
    sql: `select occurred_at, chain, sequence from portico_audit.entries where ${all.sql}`,
    bindings: all.bindings,
  };
}

function amongNewest(range: SqlCondition, { rest }: EntryFilter): SqlCondition {
  return {
    sql: `select occurred_at, chain, sequence
            from (select * from portico_audit.entries where ${range.sql}
                   order by ${NEWEST_FIRST} limit ${WALK}) as entries
           where ${rest.sql}`,
    bindings: [...range.bindings, ...rest.bindings],
  };
}

function asWhole(range: SqlCondition, filter: EntryFilter): SqlCondition {
  const { sql, bindings } = directly(range, filter);
  return {
    sql: `with hits as materialized (${sql})
          select occurred_at, chain, sequence from hits`,
    bindings,
  };
}
