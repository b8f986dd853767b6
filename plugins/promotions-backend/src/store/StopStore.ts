import { type LineStop } from '@portico/plugin-promotions-common';
import { type Knex } from 'knex';
import { z } from 'zod';

/** The platform's own tenant: its stops bind all. */
export const PLATFORM_TENANT = 'default';

const rowSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  environment: z.string().nullable(),
  reason: z.string(),
  by_ref: z.string(),
  since: z.date(),
  lifted_by: z.string().nullable(),
  lifted_at: z.date().nullable(),
});
const columns =
  'id, tenant, environment, reason, by_ref, since, lifted_by, lifted_at';

/** The stops that bind one tenant, in one transaction. */
export class StopStore {
  readonly #transaction: Knex.Transaction;
  readonly #tenant: string;

  constructor(transaction: Knex.Transaction, tenant: string) {
    this.#transaction = transaction;
    this.#tenant = tenant;
  }

  /** Those that are not lifted, the platform's included, oldest first. */
  async open(): Promise<LineStop[]> {
    const { rows } = await this.#transaction.raw(
      `select ${columns} from portico_promotions.stops
        where tenant in (?, ?) and lifted_at is null order by since, id`,
      [this.#tenant, PLATFORM_TENANT],
    );
    return z
      .array(z.unknown())
      .parse(rows)
      .map(raw => this.#toStop(raw));
  }

  /** One of the tenant's own. */
  async get(id: string): Promise<LineStop | undefined> {
    const { rows } = await this.#transaction.raw(
      `select ${columns} from portico_promotions.stops where tenant = ? and id = ?`,
      [this.#tenant, id],
    );
    return rows[0] && this.#toStop(rows[0]);
  }

  async add(stop: {
    environment?: string;
    reason: string;
    by: string;
    since: Date;
  }): Promise<LineStop> {
    const { rows } = await this.#transaction.raw(
      `insert into portico_promotions.stops (tenant, environment, reason, by_ref, since)
       values (?, ?, ?, ?, ?) returning ${columns}`,
      [
        this.#tenant,
        stop.environment ?? null,
        stop.reason,
        stop.by,
        stop.since,
      ],
    );
    return this.#toStop(rows[0]);
  }

  /** @returns undefined when it is not there, or was lifted before */
  async lift(
    id: string,
    by: { ref: string; at: Date },
  ): Promise<LineStop | undefined> {
    const { rows } = await this.#transaction.raw(
      `update portico_promotions.stops set lifted_by = ?, lifted_at = ?
        where tenant = ? and id = ? and lifted_at is null returning ${columns}`,
      [by.ref, by.at, this.#tenant, id],
    );
    return rows[0] && this.#toStop(rows[0]);
  }

  #toStop(raw: unknown): LineStop {
    const row = rowSchema.parse(raw);
    const isPlatform = row.tenant === PLATFORM_TENANT;
    // Who works for the platform is known to the platform alone.
    const isNamed = !isPlatform || this.#tenant === PLATFORM_TENANT;
    return {
      id: row.id,
      scope: isPlatform ? 'platform' : 'tenant',
      ...(row.environment && { environment: row.environment }),
      reason: row.reason,
      ...(isNamed && { by: row.by_ref }),
      since: row.since.toISOString(),
      ...(row.lifted_by &&
        row.lifted_at && {
          lifted: {
            ...(isNamed && { by: row.lifted_by }),
            at: row.lifted_at.toISOString(),
          },
        }),
    };
  }
}
