import {
  type AuditFilter,
  auditSeverities,
} from '@portico/plugin-audit-common';
import { type Knex } from 'knex';
import { type ReadScope } from './ReadScope';
import { PersonalDataLookup } from './PersonalDataLookup';
import { allOf, type ServedCondition, type SqlCondition } from './SqlCondition';
import { parseTextTerms } from './textTerms';

/** A filter as SQL on `portico_audit.entries`. */
export interface EntryFilter {
  /** Chain and time; every index begins with them or ends in them. */
  range: SqlCondition;
  /** All else. */
  rest: SqlCondition;
  /** Whether all entries that meet `rest` are found faster than the newest of them. */
  findsAll: boolean;
}

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
