import { type Knex } from 'knex';

/** A part of a `where`. */
export interface SqlCondition {
  sql: string;
  bindings: Knex.RawBinding[];
}

/** All conditions together. */
export function allOf(conditions: readonly SqlCondition[]): SqlCondition {
  return {
    sql: conditions.map(({ sql }) => `(${sql})`).join(' and ') || 'true',
    bindings: conditions.flatMap(({ bindings }) => bindings),
  };
}
