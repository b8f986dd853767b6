import { createHash } from 'crypto';
import { isPersonRef } from '@portico/plugin-audit-common';
import { type Knex } from 'knex';
import { z } from 'zod';
import { filterText } from '../store/filterText';
import { type ReadScope } from './ReadScope';
import { allOf, type ServedCondition, type SqlCondition } from './SqlCondition';
import { type TextTerm } from './textTerms';

/** Values beyond this many are looked for per entry, and not listed. */
const MOST_LISTED_COMMITMENTS = 500;

const commitmentRows = z.object({
  rows: z.array(z.object({ commitment: z.string() })),
});

/** Finds commitments by what they stand for, among the people that a reader may know. */
export class PersonalDataLookup {
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
