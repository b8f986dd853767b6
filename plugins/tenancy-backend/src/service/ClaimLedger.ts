import { InputError, NotFoundError } from '@backstage/errors';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { type Refusal } from '@portico/plugin-tenancy-common';
import {
  type SourceDelta,
  type SourceScan,
} from '@portico/plugin-tenancy-node';
import { type Knex } from 'knex';
import { z } from 'zod';
import { storableText } from './storableText';

/** A document of a source's last good set. */
interface SourceDocument {
  ref: string;
  file: string;
  line: number;
  entity: Entity;
}

const refRowsSchema = z.array(z.object({ entity_ref: z.string() }));

const emittedRowsSchema = z.array(
  z.object({ source: z.string(), entity: z.custom<Entity>() }),
);

/** A null character or half a surrogate pair in JSON text: PostgreSQL holds neither. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/i;

/**
 * Who among a tenant's sources holds which ref, for one source in one transaction.
 *
 * The first source that declares a ref holds it; the others wait in the order in
 * which they declared it. Every change happens under a lock of the tenant.
 */
export class ClaimLedger {
  readonly #transaction: Knex.Transaction;
  readonly #tenant: string;
  readonly #source: string;

  /**
   * Locks the tenant's claims until the end of the transaction.
   *
   * @throws NotFoundError when there is no such source
   */
  static async open(
    transaction: Knex.Transaction,
    address: { tenant: string; source: string },
  ): Promise<ClaimLedger> {
    await transaction.raw(
      `select pg_advisory_xact_lock(hashtextextended('portico_tenancy.source_claims:' || ?, 0))`,
      [address.tenant],
    );
    const found = await transaction.raw(
      'select 1 from portico_tenancy.sources where tenant = ? and name = ?',
      [address.tenant, address.source],
    );
    if (found.rows.length === 0) {
      throw new NotFoundError(
        `There is no source "${address.source}" in ${address.tenant}`,
      );
    }
    return new ClaimLedger(transaction, address.tenant, address.source);
  }

  private constructor(
    transaction: Knex.Transaction,
    tenant: string,
    source: string,
  ) {
    this.#transaction = transaction;
    this.#tenant = tenant;
    this.#source = source;
  }

  /**
   * Tells what of a scan can be kept: a ref once, and text that can be stored.
   *
   * @throws InputError for an entity of another namespace, which only a mistake of
   *   the reader can bring
   */
  sort(entities: SourceScan['entities']): {
    documents: SourceDocument[];
    refusals: Refusal[];
  } {
    const documents = new Map<string, SourceDocument>();
    const refusals: Refusal[] = [];
    for (const { entity, file, line } of entities) {
      const ref = stringifyEntityRef(entity);
      if (entity.metadata.namespace !== this.#tenant) {
        throw new InputError(
          `${ref} cannot come from the source "${this.#source}" of ${
            this.#tenant
          }: its namespace must be ${this.#tenant}`,
        );
      }
      const first = documents.get(ref);
      if (first) {
        refusals.push({
          file,
          line,
          entityRef: ref,
          reason: `${ref} is already declared in this source (${first.file}, line ${first.line}); remove one of the two`,
        });
      } else if (UNSTORABLE.test(JSON.stringify(entity))) {
        refusals.push({
          file,
          line,
          entityRef: ref,
          reason: `${ref} contains a null character or half of a Unicode character; remove it`,
        });
      } else {
        documents.set(ref, { ref, file, line, entity });
      }
    }
    return { documents: [...documents.values()], refusals };
  }

  /** Replaces the last good set of the source and settles the claims. */
  async replace(documents: SourceDocument[]): Promise<SourceDelta> {
    const tenant = this.#tenant;
    const source = this.#source;
    const released = await this.#release(documents.map(({ ref }) => ref));
    const changed = await this.#store(documents);
    const claimed = await this.#claimFree();
    const own = await this.#emitted([...new Set([...changed, ...claimed])]);
    const inherited = await this.#inherit(released);
    return {
      added: [...own, ...inherited].map(row => ({ tenant, ...row })),
      removed: released.map(entityRef => ({ tenant, source, entityRef })),
    };
  }

  /** Deletes the documents that are gone; returns the refs that were held through them. */
  async #release(kept: string[]): Promise<string[]> {
    const address = { tenant: this.#tenant, source: this.#source, kept };
    const { rows } = await this.#transaction.raw(
      `select entity_ref from portico_tenancy.source_claims
        where tenant = :tenant and source = :source
          and entity_ref <> all(cast(:kept as text[]))
        order by entity_ref`,
      address,
    );
    await this.#transaction.raw(
      `delete from portico_tenancy.source_documents
        where tenant = :tenant and source = :source
          and entity_ref <> all(cast(:kept as text[]))`,
      address,
    );
    return refRowsSchema.parse(rows).map(row => row.entity_ref);
  }

  /** Writes the documents; returns the refs of those that are new or changed. */
  async #store(documents: SourceDocument[]): Promise<string[]> {
    const { rows } = await this.#transaction.raw(
      `insert into portico_tenancy.source_documents as document
         (tenant, source, entity_ref, file, line, entity)
       select ?, ?, ref, file, line, entity
         from jsonb_to_recordset(?::jsonb)
           as scanned(position integer, ref text, file text, line integer, entity jsonb)
        order by position
       on conflict (tenant, source, entity_ref) do update
         set file = excluded.file, line = excluded.line, entity = excluded.entity
       where (document.file, document.line, document.entity)
         is distinct from (excluded.file, excluded.line, excluded.entity)
       returning entity_ref`,
      [
        this.#tenant,
        this.#source,
        JSON.stringify(
          documents.map((document, position) => ({
            ...document,
            file: storableText(document.file),
            position,
          })),
        ),
      ],
    );
    return refRowsSchema.parse(rows).map(row => row.entity_ref);
  }

  /** Claims what the source declares and nobody holds. */
  async #claimFree(): Promise<string[]> {
    const { rows } = await this.#transaction.raw(
      `insert into portico_tenancy.source_claims (tenant, entity_ref, source)
       select tenant, entity_ref, source from portico_tenancy.source_documents
        where tenant = ? and source = ?
       on conflict (tenant, entity_ref) do nothing
       returning entity_ref`,
      [this.#tenant, this.#source],
    );
    return refRowsSchema.parse(rows).map(row => row.entity_ref);
  }

  /** Hands released refs to the source that has waited longest for each. */
  async #inherit(
    released: string[],
  ): Promise<Array<{ source: string; entity: Entity }>> {
    if (released.length === 0) {
      return [];
    }
    const { rows } = await this.#transaction.raw(
      `with heir as (
         insert into portico_tenancy.source_claims (tenant, entity_ref, source)
         select distinct on (entity_ref) tenant, entity_ref, source
           from portico_tenancy.source_documents
          where tenant = :tenant and entity_ref = any(cast(:released as text[]))
          order by entity_ref, declaration
         returning tenant, source, entity_ref
       )
       select document.source, document.entity
         from heir join portico_tenancy.source_documents document
           using (tenant, source, entity_ref)
        order by document.entity_ref`,
      { tenant: this.#tenant, released },
    );
    return emittedRowsSchema.parse(rows);
  }

  /** Those of the given refs that the source holds. */
  async #emitted(
    refs: string[],
  ): Promise<Array<{ source: string; entity: Entity }>> {
    const { rows } = await this.#transaction.raw(
      `select document.source, document.entity
         from portico_tenancy.source_documents document
         join portico_tenancy.source_claims claim using (tenant, source, entity_ref)
        where document.tenant = :tenant and document.source = :source
          and document.entity_ref = any(cast(:refs as text[]))
        order by document.entity_ref`,
      { tenant: this.#tenant, source: this.#source, refs },
    );
    return emittedRowsSchema.parse(rows);
  }
}
