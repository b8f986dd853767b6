import { type Knex } from 'knex';

/** A part of a `where`. */
export interface SqlCondition {
  sql: string;
  bindings: Knex.RawBinding[];
}

/**
 * A condition and how an index serves it.
 *
 * - `ordered`: one part of an index holds the entries, newest first
 * - `hits`: an index finds the entries in no useful order
 * - `none`: no index; most entries meet it
 */
export interface ServedCondition extends SqlCondition {
  served: 'ordered' | 'hits' | 'none';
}

/** All conditions together. */
export function allOf(conditions: readonly SqlCondition[]): SqlCondition {
  return {
    sql: conditions.map(({ sql }) => `(${sql})`).join(' and ') || 'true',
    bindings: conditions.flatMap(({ bindings }) => bindings),
  };
}
