import { driftClassSchema } from '@portico/plugin-promotions-common';
import { type Knex } from 'knex';
import { z } from 'zod';
import { type FoundDrift } from './classifyDrift';
import { untoldDrift } from './untoldDrift';

const LONGEST_TEXT = 1_000;

const openSchema = z.object({
  id: z.string(),
  class: driftClassSchema,
  resource: z.string(),
  path: z.string(),
  first_seen_at: z.date(),
});

const releaseSchema = z.object({
  id: z.string(),
  version: z.string(),
  commit: z.string().nullable(),
});

/** A component in an environment. */
export interface DriftTarget {
  component: string;
  environment: string;
}

/** What one look changed. */
export interface DriftChange {
  /** Seen for the first time. */
  begun: number;
  /** Of these, what people are to be told of. */
  toTell: number;
  /** Not there any more. */
  resolved: number;
}

/** The drift of one tenant, in one transaction. */
export class DriftStore {
  readonly #transaction: Knex.Transaction;
  readonly #tenant: string;

  constructor(transaction: Knex.Transaction, tenant: string) {
    this.#transaction = transaction;
    this.#tenant = tenant;
  }

  /** Since when something of these classes is there. */
  async since(
    target: DriftTarget,
    classes: ReadonlyArray<FoundDrift['class']>,
  ): Promise<Date | undefined> {
    const found = (await this.#open(target)).filter(row =>
      classes.includes(row.class),
    );
    return found
      .map(row => row.first_seen_at)
      .sort((one, other) => one.getTime() - other.getTime())[0];
  }

  /** The newest release of a component that ships an image of this digest. */
  async releaseWith(
    component: string,
    digest: string,
  ): Promise<{ release?: string; version?: string; commit?: string }> {
    const { rows } = await this.#transaction.raw(
      `select id, content ->> 'version' as version,
              content -> 'source' ->> 'commit' as commit
         from portico_promotions.releases
        where tenant = ? and component = ? and content @> ?::jsonb and not sample
        order by announced_at desc limit 1`,
      [this.#tenant, component, JSON.stringify({ images: [{ digest }] })],
    );
    const [found] = z.array(releaseSchema).parse(rows);
    return found
      ? {
          release: found.id,
          version: found.version,
          ...(found.commit && { commit: found.commit }),
        }
      : {};
  }

  /**
   * Notes everything that is there now: what is new begins, what is known is seen again, and
   * what is not there any more is resolved.
   */
  async note(
    target: DriftTarget,
    found: readonly FoundDrift[],
    seen: { at: Date; source: string },
  ): Promise<DriftChange> {
    // Two replicas that look at the same time note it one after the other.
    await this.#transaction.raw(
      'select pg_advisory_xact_lock(hashtextextended(?, 0))',
      [`drift ${this.#tenant} ${target.component} ${target.environment}`],
    );
    const open = await this.#open(target);
    const known = new Map(open.map(row => [keyOf(row), row.id]));
    const now = new Map(found.map(drift => [keyOf(drift), drift]));
    for (const [key, drift] of now) {
      await this.#noteOne(target, drift, known.get(key), seen);
    }
    const gone = open.filter(row => !now.has(keyOf(row))).map(({ id }) => id);
    if (gone.length > 0) {
      await this.#transaction.raw(
        `update portico_promotions.drift set resolved_at = ?
          where tenant = ? and id = any(?::uuid[])`,
        [seen.at, this.#tenant, gone],
      );
    }
    const begun = [...now].filter(([key]) => !known.has(key));
    return {
      begun: begun.length,
      toTell: begun.filter(([, drift]) => !untoldDrift.includes(drift.class))
        .length,
      resolved: gone.length,
    };
  }

  async #noteOne(
    { component, environment }: DriftTarget,
    drift: FoundDrift,
    id: string | undefined,
    { at, source }: { at: Date; source: string },
  ): Promise<void> {
    const values = [
      drift.declared?.slice(0, LONGEST_TEXT) ?? null,
      drift.live?.slice(0, LONGEST_TEXT) ?? null,
      drift.reason.slice(0, LONGEST_TEXT),
      source,
      at,
    ];
    await (id === undefined
      ? this.#transaction.raw(
          `insert into portico_promotions.drift
             (declared, live, reason, source, last_seen_at, first_seen_at,
              tenant, component, environment, class, resource, path)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          [
            ...values,
            at,
            this.#tenant,
            component,
            environment,
            drift.class,
            drift.resource ?? '',
            drift.path ?? '',
          ],
        )
      : this.#transaction.raw(
          `update portico_promotions.drift
              set declared = ?, live = ?, reason = ?, source = ?, last_seen_at = ?
            where tenant = ? and id = ?`,
          [...values, this.#tenant, id],
        ));
  }

  async #open({ component, environment }: DriftTarget) {
    const { rows } = await this.#transaction.raw(
      `select id, class, resource, path, first_seen_at from portico_promotions.drift
        where tenant = ? and component = ? and environment = ? and resolved_at is null`,
      [this.#tenant, component, environment],
    );
    return z.array(openSchema).parse(rows);
  }
}

function keyOf({
  class: name,
  resource = '',
  path = '',
}: Pick<FoundDrift, 'class' | 'resource' | 'path'>): string {
  return JSON.stringify([name, resource, path]);
}
