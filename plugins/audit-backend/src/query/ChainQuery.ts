import {
  type ChainState,
  type CheckpointView,
} from '@portico/plugin-audit-common';
import { NotFoundError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import { type Knex } from 'knex';
import { z } from 'zod';
import { readIn, type ReadScope } from './ReadScope';

/** A place outside that keeps checkpoints, as it is configured. */
export interface DestinationName {
  name: string;
  type: 'file' | 's3' | 'git';
}

const checkpointColumns = 'chain, size, note, created_at';

const checkpointRowSchema = z
  .object({
    chain: z.string(),
    size: z.coerce.number(),
    note: z.string(),
    created_at: z.date(),
  })
  .transform(
    ({ created_at, ...row }): CheckpointView => ({
      ...row,
      createdAt: created_at.toISOString(),
    }),
  );

const chainRowsSchema = z.object({
  rows: z.array(
    z.object({
      chain: z.string(),
      size: z.coerce.number(),
      oldest: z.coerce.number(),
      waiting: z.coerce.number(),
      last_entry_at: z.date().nullable(),
    }),
  ),
});

const deliveryRowsSchema = z.object({
  rows: z.array(
    z.object({
      chain: z.string(),
      destination: z.string(),
      size: z.coerce.number(),
      delivered_at: z.date().nullable(),
      failing_since: z.date().nullable(),
      failure: z.string().nullable(),
    }),
  ),
});

const keyRowsSchema = z.object({
  rows: z.array(
    z.object({ key: z.string(), introduction: z.string().nullable() }),
  ),
});

/** A key that signs checkpoints, and the note in which the key before introduces it. */
export type SigningKeyRow = z.infer<typeof keyRowsSchema>['rows'][number];

/** How chains do: their length, what waits, checkpoints and where these are kept. */
export class ChainQuery {
  readonly #database: PorticoDatabase;
  readonly #destinations: readonly DestinationName[];
  readonly #retentionDays: (chain: string) => number | undefined;

  constructor(options: {
    database: PorticoDatabase;
    destinations: readonly DestinationName[];
    /** Days that entries of a chain are kept; for ever without. */
    retentionDays: (chain: string) => number | undefined;
  }) {
    this.#database = options.database;
    this.#destinations = options.destinations;
    this.#retentionDays = options.retentionDays;
  }

  /** Tells whether a chain has an entry, or an act that waits for its first one. */
  async exists(chain: string): Promise<boolean> {
    const answer = await this.#database.asPlatform(
      'see whether a chain is there',
      transaction =>
        transaction.raw(
          `select where exists (select from portico_audit.chains where chain = :chain)
              or exists (select from portico_audit.outbox where chain = :chain)`,
          { chain },
        ),
    );
    return answer.rows.length > 0;
  }

  /** The chains of the reader, the platform's first and the others by name. */
  async states(scope: ReadScope): Promise<ChainState[]> {
    return readIn(this.#database, scope, async transaction => {
      const chains = await readChains(transaction, scope);
      const names = chains.map(({ chain }) => chain);
      const checkpoints = await newestCheckpoints(transaction, names);
      const anchors = await this.#anchors(transaction, names);
      return chains.map(({ last_entry_at, ...chain }): ChainState => {
        const checkpoint = checkpoints.get(chain.chain);
        const retentionDays = this.#retentionDays(chain.chain);
        return {
          ...chain,
          ...(last_entry_at
            ? { lastEntryAt: last_entry_at.toISOString() }
            : {}),
          ...(checkpoint ? { checkpoint } : {}),
          anchors: anchors(chain.chain),
          ...(retentionDays === undefined ? {} : { retentionDays }),
        };
      });
    });
  }

  /** Checkpoints of a chain, newest first, smaller than `before`. */
  async checkpoints(
    scope: ReadScope & { chain: string },
    page: { before?: number; limit: number },
  ): Promise<CheckpointView[]> {
    const answer = await readIn(this.#database, scope, transaction =>
      transaction.raw(
        `select ${checkpointColumns} from portico_audit.checkpoints
          where chain = ? and size < ? order by size desc limit ?`,
        [scope.chain, page.before ?? Number.MAX_SAFE_INTEGER, page.limit],
      ),
    );
    return z.array(checkpointRowSchema).parse(answer.rows);
  }

  /** @throws NotFoundError while there is none */
  async latestCheckpoint(
    scope: ReadScope & { chain: string },
  ): Promise<CheckpointView> {
    const [checkpoint] = await this.checkpoints(scope, { limit: 1 });
    if (!checkpoint) {
      throw new NotFoundError(
        `The chain ${JSON.stringify(scope.chain)} has no checkpoint yet`,
      );
    }
    return checkpoint;
  }

  /** The keys that sign checkpoints, newest first. */
  async keys(scope: ReadScope): Promise<SigningKeyRow[]> {
    const answer = await readIn(this.#database, scope, transaction =>
      transaction.raw(
        'select key, introduction from portico_audit.signing_keys order by id desc',
      ),
    );
    return keyRowsSchema.parse(answer).rows;
  }

  async #anchors(transaction: Knex.Transaction, chains: string[]) {
    const answer = await transaction.raw(
      `select chain, destination, done.size, done.at as delivered_at,
              failing.since as failing_since, failing.failure
         from unnest(?::text[]) as chain, unnest(?::text[]) as destination,
              lateral (
                select coalesce(max(size), 0) as size, max(at) as at, coalesce(max(id), 0) as id
                  from (select size, at, id from portico_audit.deliveries delivery
                         where delivery.chain = chain.chain
                           and delivery.destination = destination.destination
                           and outcome = 'delivered'
                         order by size desc limit 1) as last
              ) as done,
              lateral (
                select min(at) as since,
                       (array_agg(delivery.failure order by id desc))[1] as failure
                  from (select at, failure, id from portico_audit.deliveries
                         where deliveries.chain = chain.chain
                           and deliveries.destination = destination.destination
                           and deliveries.id > done.id and outcome <> 'delivered'
                         order by id limit 1000) as delivery
              ) as failing`,
      [chains, this.#destinations.map(({ name }) => name)],
    );
    const rows = deliveryRowsSchema.parse(answer).rows;
    return (chain: string): ChainState['anchors'] =>
      this.#destinations.map(({ name, type }) => {
        const row = rows.find(
          ({ chain: of, destination }) => of === chain && destination === name,
        );
        return {
          destination: name,
          type,
          size: row?.size ?? 0,
          ...(row?.delivered_at
            ? { deliveredAt: row.delivered_at.toISOString() }
            : {}),
          ...(row?.failing_since
            ? { failingSince: row.failing_since.toISOString() }
            : {}),
          ...(row?.failure ? { failure: row.failure } : {}),
        };
      });
  }
}

async function readChains(transaction: Knex.Transaction, scope: ReadScope) {
  const answer = await transaction.raw(
    `select named.chain, coalesce(newest.sequence, 0) as size,
            coalesce(pruned.sequence, 0) + 1 as oldest,
            coalesce(outbox.waiting, 0) as waiting, newest.occurred_at as last_entry_at
       from (select chain from portico_audit.chains
             union select ?::text collate "C" where ?::text is not null) as named
       left join lateral (
         select sequence, occurred_at from portico_audit.entries
          where chain = named.chain order by sequence desc limit 1
       ) as newest on true
       left join lateral (
         select sequence from portico_audit.prunings
          where chain = named.chain order by sequence desc limit 1
       ) as pruned on true
       left join (
         select chain, count(*) as waiting from portico_audit.outbox group by chain
       ) as outbox on outbox.chain = named.chain
      where ?::text is null or named.chain = ?
      order by named.chain <> 'default', named.chain`,
    [
      scope.chain ?? null,
      scope.chain ?? null,
      scope.chain ?? null,
      scope.chain ?? null,
    ],
  );
  return chainRowsSchema.parse(answer).rows;
}

async function newestCheckpoints(
  transaction: Knex.Transaction,
  chains: string[],
): Promise<Map<string, CheckpointView>> {
  const answer = await transaction.raw(
    `select newest.* from unnest(?::text[]) as wanted (chain),
            lateral (
              select ${checkpointColumns} from portico_audit.checkpoints
               where checkpoints.chain = wanted.chain order by size desc limit 1
            ) as newest`,
    [chains],
  );
  return new Map(
    z
      .array(checkpointRowSchema)
      .parse(answer.rows)
      .map(checkpoint => [checkpoint.chain, checkpoint]),
  );
}
