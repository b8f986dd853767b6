import { type Knex } from 'knex';
import { z } from 'zod';
import { type PersonalDatum } from './readAct';

const outboxSchema = z.object({
  rows: z.array(
    z.object({
      position: z.string(),
      id: z.string(),
      chain: z.string(),
      occurred_at: z.date(),
      draft: z.string(),
    }),
  ),
});

/** An act that waits to be chained. */
export interface WaitingAct {
  position: string;
  id: string;
  chain: string;
  occurredAt: Date;
  draft: string;
}

/** The end of a chain. */
export interface ChainHead {
  sequence: number;
  /** Hash of the last entry; none for a chain that has none yet. */
  hash: Buffer | undefined;
}

/** A personal datum of a chain, under what the chain carries in its place. */
export interface CommittedDatum extends PersonalDatum {
  chain: string;
  commitment: string;
  salt: Buffer;
  valueDigest: Buffer;
  words: string;
}

/** An entry with the columns that it is found by. */
export interface EntryRow {
  chain: string;
  sequence: number;
  id: string;
  hash: Buffer;
  entry: string;
  occurredAt: Date;
  act: string;
  severity: number;
  outcome: string;
  actor: string | null;
  onBehalfOf: string | null;
  subjectKind: string;
  subject: string;
  requestId: string | null;
  correlation: string | null;
  commitments: string[];
  words: string;
}

/** The root of a complete subtree of 2^level entries. */
export interface TreeNodeRow {
  chain: string;
  level: number;
  index: number;
  hash: Buffer;
}

/** The statements of the relay, in one transaction of `asPlatform`. */
export class RelayStore {
  constructor(private readonly transaction: Knex.Transaction) {}

  /** Whether this transaction may chain; nobody else can until it ends. */
  async tryHold(): Promise<boolean> {
    const answer = await this.transaction.raw(
      'select pg_try_advisory_xact_lock(7007, 11) as held',
    );
    return z
      .object({ rows: z.tuple([z.object({ held: z.boolean() })]) })
      .parse(answer).rows[0].held;
  }

  /** The acts that wait, oldest first. */
  async waiting(limit: number): Promise<WaitingAct[]> {
    const answer = await this.transaction.raw(
      `select position, id, chain, occurred_at, draft::text
         from portico_audit.outbox order by position limit ?`,
      [limit],
    );
    return outboxSchema
      .parse(answer)
      .rows.map(({ occurred_at: occurredAt, ...row }) => ({
        ...row,
        occurredAt,
      }));
  }

  /** Those of the ids that stand in a chain already. */
  async known(ids: readonly string[]): Promise<Set<string>> {
    const answer = await this.transaction.raw(
      'select id from portico_audit.entries where id = any (?::uuid[])',
      [[...ids]],
    );
    const { rows } = z
      .object({ rows: z.array(z.object({ id: z.string() })) })
      .parse(answer);
    return new Set(rows.map(({ id }) => id));
  }

  /** The ends of chains, also of those that have no entry yet. */
  async heads(chains: readonly string[]): Promise<Map<string, ChainHead>> {
    const answer = await this.transaction.raw(
      `select wanted.chain, head.sequence, head.hash
         from unnest(?::text[]) as wanted (chain)
         left join lateral (
           select sequence, hash from portico_audit.entries
            where chain = wanted.chain order by sequence desc limit 1
         ) as head on true`,
      [[...chains]],
    );
    const { rows } = z
      .object({
        rows: z.array(
          z.object({
            chain: z.string(),
            sequence: z.coerce.number().nullable(),
            hash: z.instanceof(Buffer).nullable(),
          }),
        ),
      })
      .parse(answer);
    return new Map(
      rows.map(({ chain, sequence, hash }) => [
        chain,
        { sequence: sequence ?? 0, hash: hash ?? undefined },
      ]),
    );
  }

  /** Commitments of data that their chains know already, with the data. */
  async commitments(
    data: ReadonlyArray<{ chain: string; of: string; valueDigest: Buffer }>,
  ): Promise<
    Array<{ chain: string; of: string; value: string; commitment: string }>
  > {
    const answer = await this.transaction.raw(
      `select known.chain, known.person as of, known.value, known.commitment
         from json_to_recordset(?) as wanted (chain text, person text, digest text)
         join portico_audit.personal_data known
           on known.person = wanted.person and known.chain = wanted.chain
          and known.value_digest = decode(wanted.digest, 'hex')`,
      [
        JSON.stringify(
          data.map(({ chain, of, valueDigest }) => ({
            chain,
            person: of,
            digest: hex(valueDigest),
          })),
        ),
      ],
    );
    return z
      .object({
        rows: z.array(
          z.object({
            chain: z.string(),
            of: z.string(),
            value: z.string(),
            commitment: z.string(),
          }),
        ),
      })
      .parse(answer).rows;
  }

  async addPersonalData(data: readonly CommittedDatum[]): Promise<void> {
    await this.transaction.raw(
      `insert into portico_audit.personal_data
         (chain, commitment, person, salt, value, value_digest, search)
       select chain, commitment, person, decode(salt, 'hex'), value,
              decode(digest, 'hex'), to_tsvector('simple', words)
         from json_to_recordset(?) as datum
           (chain text, commitment text, person text, salt text, value text, digest text, words text)`,
      [
        JSON.stringify(
          data.map(datum => ({
            chain: datum.chain,
            commitment: datum.commitment,
            person: datum.of,
            salt: hex(datum.salt),
            value: datum.value,
            digest: hex(datum.valueDigest),
            words: datum.words,
          })),
        ),
      ],
    );
  }

  async addChains(chains: readonly string[]): Promise<void> {
    await this.transaction.raw(
      `insert into portico_audit.chains (chain) select unnest(?::text[]) on conflict do nothing`,
      [[...chains]],
    );
  }

  async addEntries(entries: readonly EntryRow[]): Promise<void> {
    await this.transaction.raw(
      `insert into portico_audit.entries
         (chain, sequence, id, hash, entry, occurred_at, act, severity, outcome, actor,
          on_behalf_of, subject_kind, subject, request_id, correlation, commitments, search)
       select chain, sequence, id, decode(hash, 'hex'), entry, occurred_at, act, severity,
              outcome, actor, on_behalf_of, subject_kind, subject, request_id, correlation,
              commitments, to_tsvector('simple', words)
         from json_to_recordset(?) as row
           (chain text, sequence bigint, id uuid, hash text, entry text,
            occurred_at timestamptz, act text, severity smallint, outcome text, actor text,
            on_behalf_of text, subject_kind text, subject text, request_id text,
            correlation text, commitments text[], words text)`,
      [
        JSON.stringify(
          entries.map(entry => ({
            chain: entry.chain,
            sequence: entry.sequence,
            id: entry.id,
            hash: hex(entry.hash),
            entry: entry.entry,
            occurred_at: entry.occurredAt,
            act: entry.act,
            severity: entry.severity,
            outcome: entry.outcome,
            actor: entry.actor,
            on_behalf_of: entry.onBehalfOf,
            subject_kind: entry.subjectKind,
            subject: entry.subject,
            request_id: entry.requestId,
            correlation: entry.correlation,
            commitments: entry.commitments,
            words: entry.words,
          })),
        ),
      ],
    );
  }

  /** Hashes of the entries of each chain after one and up to another, at most a block. */
  async openBlocks(
    blocks: ReadonlyArray<{ chain: string; after: number; last: number }>,
  ): Promise<Map<string, Buffer[]>> {
    const answer = await this.transaction.raw(
      // the limit leads the planner to the index, whatever it believes of the sizes
      `select block.chain, string_agg(entry.hash, ''::bytea order by entry.sequence) as hashes
         from json_to_recordset(?) as block (chain text, after bigint, last bigint)
         cross join lateral (
           select sequence, hash from portico_audit.entries
            where chain = block.chain and sequence > block.after and sequence <= block.last
            order by sequence limit 255
         ) as entry
        group by block.chain`,
      [JSON.stringify(blocks)],
    );
    const { rows } = z
      .object({
        rows: z.array(
          z.object({ chain: z.string(), hashes: z.instanceof(Buffer) }),
        ),
      })
      .parse(answer);
    return new Map(rows.map(({ chain, hashes }) => [chain, split(hashes)]));
  }

  /** The hashes of the 256 nodes below one of a higher level. */
  async childNodes(node: {
    chain: string;
    level: number;
    index: number;
  }): Promise<Buffer[]> {
    const answer = await this.transaction.raw(
      `select string_agg(hash, ''::bytea order by index) as hashes
         from portico_audit.tree_nodes
        where chain = ? and level = ? and index >= ? and index < ?`,
      [node.chain, node.level - 8, node.index * 256, (node.index + 1) * 256],
    );
    const { rows } = z
      .object({ rows: z.tuple([z.object({ hashes: z.instanceof(Buffer) })]) })
      .parse(answer);
    return split(rows[0].hashes);
  }

  async addTreeNodes(nodes: readonly TreeNodeRow[]): Promise<void> {
    await this.transaction.raw(
      `insert into portico_audit.tree_nodes (chain, level, index, hash)
       select chain, level, index, decode(hash, 'hex')
         from json_to_recordset(?) as node (chain text, level smallint, index bigint, hash text)`,
      [JSON.stringify(nodes.map(node => ({ ...node, hash: hex(node.hash) })))],
    );
  }

  /** Takes chained acts out of the outbox; tells how many were taken out. */
  async free(positions: readonly string[]): Promise<number> {
    const answer = await this.transaction.raw(
      'select portico_audit.free_outbox(?::bigint[]) as freed',
      [[...positions]],
    );
    return z
      .object({ rows: z.tuple([z.object({ freed: z.coerce.number() })]) })
      .parse(answer).rows[0].freed;
  }

  /** Tells the listeners once the transaction is committed. */
  async notify(chains: readonly string[]): Promise<void> {
    await this.transaction.raw(
      `select pg_notify('portico_audit', chain) from unnest(?::text[]) as told (chain)`,
      [[...chains]],
    );
  }
}

const HASH_BYTES = 32;

/** Hashes that PostgreSQL joined into one value, which is far quicker to read. */
function split(hashes: Buffer): Buffer[] {
  return Array.from({ length: hashes.length / HASH_BYTES }, (_, index) =>
    hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES),
  );
}

function hex(bytes: Buffer): string {
  return bytes.toString('hex');
}
