import { createHash } from 'crypto';
import {
  type AuditFilter,
  auditSeverities,
  isPersonRef,
} from '@portico/plugin-audit-common';
import { type Knex } from 'knex';
import { z } from 'zod';
import { filterText } from '../store/filterText';
import { type ReadScope } from './ReadScope';
import { allOf, type SqlCondition } from './SqlCondition';
import { parseTextTerms, type TextTerm } from './textTerms';

/**
 * A condition and how an index serves it.
 *
 * - `ordered`: one part of an index holds the entries, newest first
 * - `hits`: an index finds the entries in no useful order
 * - `none`: no index; most entries meet it
 */
interface ServedCondition extends SqlCondition {
  served: 'ordered' | 'hits' | 'none';
}

/** A filter as SQL on `portico_audit.entries`. */
export interface EntryFilter {
  /** Chain and time; every index begins with them or ends in them. */
  range: SqlCondition;
  /** All else. */
  rest: SqlCondition;
  /** Whether all entries that meet `rest` are found faster than the newest of them. */
  findsAll: boolean;
}

/** Values beyond this many are looked for per entry, and not listed. */
const MOST_LISTED_COMMITMENTS = 500;

const commitmentRows = z.object({
  rows: z.array(z.object({ commitment: z.string() })),
});

/**
 * Turns a filter into SQL. Personal data are looked up first: entries carry commitments
 * to them.
 *
 * The conditions themselves keep the reader's chain, and the people that the reader may
 * not know: they hold in a transaction of the platform, too.
 */
export async function createEntryFilter(
  transaction: Knex.Transaction,
  scope: ReadScope,
  filter: AuditFilter,
): Promise<EntryFilter> {
  const personal = new PersonalDataLookup(transaction, scope);
  const conditions: ServedCondition[] = [];
  const {
    chain: _chain,
    from: _from,
    to: _to,
    actor,
    act,
    subject,
    outcome,
    severity,
    requestId,
    correlation,
    text,
    ...unknown
  } = filter;
  // A new field of the contract must not be passed over in silence.
  unknown satisfies Record<string, never>;
  if (requestId !== undefined) {
    conditions.push(served('ordered', 'request_id = ?', requestId));
  }
  if (correlation !== undefined) {
    conditions.push(served('ordered', 'correlation = ?', correlation));
  }
  if (actor !== undefined) {
    conditions.push(await actorCondition(transaction, personal, actor));
  }
  if (subject !== undefined) {
    const values = await personal.storedForms(subject);
    conditions.push(anyOf('subject', values));
  }
  if (act?.endsWith('.*')) {
    const stem = act.slice(0, -2);
    // In the order of bytes "/" comes right after ".".
    conditions.push(
      served('hits', 'act >= ? and act < ?', `${stem}.`, `${stem}/`),
    );
  } else if (act !== undefined) {
    conditions.push(served('ordered', 'act = ?', act));
  }
  if (outcome !== undefined) {
    conditions.push(
      outcome === 'succeeded'
        ? served('none', `outcome = 'succeeded'`)
        : served('ordered', `outcome = ? and outcome <> 'succeeded'`, outcome),
    );
  }
  if (severity !== undefined) {
    conditions.push(severityCondition(auditSeverities.indexOf(severity)));
  }
  for (const term of text ? parseTextTerms(text) : []) {
    conditions.push(await personal.textCondition(term));
  }
  return {
    range: rangeOf(scope, filter),
    rest: allOf(conditions),
    findsAll:
      conditions.some(condition => condition.served !== 'none') &&
      !(conditions.length === 1 && conditions[0]?.served === 'ordered'),
  };
}

function rangeOf(scope: ReadScope, filter: AuditFilter): SqlCondition {
  const { from, to } = filter;
  return allOf([
    ...(scope.chain === undefined
      ? []
      : [{ sql: 'chain = ?', bindings: [scope.chain] }]),
    ...(from ? [{ sql: 'occurred_at >= ?', bindings: [new Date(from)] }] : []),
    ...(to ? [{ sql: 'occurred_at < ?', bindings: [new Date(to)] }] : []),
  ]);
}

function served(
  how: ServedCondition['served'],
  sql: string,
  ...bindings: Knex.RawBinding[]
): ServedCondition {
  return { served: how, sql, bindings };
}

function anyOf(column: string, values: string[]): ServedCondition {
  const [first, ...others] = values;
  if (first === undefined) {
    return served('hits', 'false');
  }
  return others.length === 0
    ? served('ordered', `${column} = ?`, first)
    : served('hits', `${column} = any (?::text[])`, values);
}

async function actorCondition(
  transaction: Knex.Transaction,
  personal: PersonalDataLookup,
  actor: string,
): Promise<ServedCondition> {
  const values = await personal.storedForms(actor);
  const direct = anyOf('actor', values);
  // Hardly anybody ever acts for somebody else; without it the index gives the order.
  const answer = await transaction.raw(
    `select 1 from portico_audit.entries
      where on_behalf_of is not null and on_behalf_of = any (?::text[]) limit 1`,
    [values],
  );
  if (answer.rows.length === 0) {
    return direct;
  }
  return served(
    'hits',
    `${direct.sql} or (on_behalf_of is not null and on_behalf_of = any (?::text[]))`,
    ...direct.bindings,
    values,
  );
}

/** The forms that the partial indexes on severity understand. */
function severityCondition(rank: number): ServedCondition {
  if (rank >= 3) {
    return served('ordered', 'severity = 3');
  }
  return rank === 2
    ? served('ordered', 'severity >= 2')
    : served('none', 'severity >= ?', rank);
}

/** Finds commitments by what they stand for, among the people that a reader may know. */
class PersonalDataLookup {
  readonly #transaction: Knex.Transaction;
  readonly #visible: SqlCondition;

  constructor(transaction: Knex.Transaction, scope: ReadScope) {
    this.#transaction = transaction;
    this.#visible = allOf([
      ...(scope.chain === undefined
        ? []
        : [{ sql: 'datum.chain = ?', bindings: [scope.chain] }]),
      ...(scope.kind === 'own' && scope.chain !== 'default'
        ? [
            {
              sql: `not starts_with(datum.person, 'user:default/')`,
              bindings: [],
            },
          ]
        : []),
    ]);
  }

  /** How a ref stands in columns: as it is, or as commitments when it names a person. */
  async storedForms(ref: string): Promise<string[]> {
    if (!isPersonRef(ref)) {
      return [filterText(ref)];
    }
    return this.#commitments({
      sql: 'datum.person = ? and datum.value_digest = ?',
      bindings: [ref, createHash('sha256').update(ref).digest()],
    });
  }

  /** Entries with the words: in their own text, or in one of their personal data. */
  async textCondition(term: TextTerm): Promise<ServedCondition> {
    const words: SqlCondition = {
      sql: `search @@ phraseto_tsquery('simple', ?)`,
      bindings: [term.words],
    };
    const inData: SqlCondition = {
      sql: `datum.search @@ phraseto_tsquery('simple', ?)`,
      bindings: [term.words],
    };
    const commitments = await this.#commitments(inData);
    const parts = [words];
    if (commitments.length > MOST_LISTED_COMMITMENTS) {
      const { sql, bindings } = allOf([inData, this.#visible]);
      parts.push({
        sql: `exists (select from portico_audit.personal_data datum
                 where datum.chain = entries.chain
                   and datum.commitment = any (entries.commitments) and ${sql})`,
        bindings,
      });
    } else if (commitments.length > 0) {
      parts.push({ sql: 'commitments && ?::text[]', bindings: [commitments] });
    }
    const sql = parts.map(part => part.sql).join(' or ');
    const bindings = parts.flatMap(part => part.bindings);
    if (term.excluded) {
      return { served: 'none', sql: `not (${sql})`, bindings };
    }
    return {
      served: commitments.length > MOST_LISTED_COMMITMENTS ? 'none' : 'hits',
      sql,
      bindings,
    };
  }

  /** At most one more than are listed. */
  async #commitments(condition: SqlCondition): Promise<string[]> {
    const { sql, bindings } = allOf([condition, this.#visible]);
    const answer = await this.#transaction.raw(
      `select datum.commitment from portico_audit.personal_data datum
        where ${sql} limit ${MOST_LISTED_COMMITMENTS + 1}`,
      bindings,
    );
    return commitmentRows.parse(answer).rows.map(row => row.commitment);
  }
}
