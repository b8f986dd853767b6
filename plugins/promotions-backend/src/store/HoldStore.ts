import { type Knex } from 'knex';
import { z } from 'zod';
import { type TargetAddress } from './PromotionStore';

/** Automation is off for a component in an environment. */
export interface StoredHold {
  by: string;
  since: string;
  reason: string;
}

const rowSchema = z.object({
  by_ref: z.string(),
  since: z.date(),
  reason: z.string(),
});

/** The holds of one tenant, in one transaction. */
export class HoldStore {
  readonly #transaction: Knex.Transaction;
  readonly #tenant: string;

  constructor(transaction: Knex.Transaction, tenant: string) {
    this.#transaction = transaction;
    this.#tenant = tenant;
  }

  async open(target: TargetAddress): Promise<StoredHold | undefined> {
    const { rows } = await this.#transaction.raw(
      `select by_ref, since, reason from portico_promotions.holds
        where tenant = ? and component = ? and environment = ? and released_at is null`,
      [this.#tenant, target.component, target.environment],
    );
    const row = z.array(rowSchema).parse(rows)[0];
    return (
      row && {
        by: row.by_ref,
        since: row.since.toISOString(),
        reason: row.reason,
      }
    );
  }

  /** @returns false when there is one already, which stays */
  async add(
    target: TargetAddress,
    hold: { by: string; since: Date; reason: string },
  ): Promise<boolean> {
    const { rows } = await this.#transaction.raw(
      `insert into portico_promotions.holds
         (tenant, component, environment, reason, by_ref, since)
       values (?, ?, ?, ?, ?, ?)
       on conflict (tenant, component, environment) where released_at is null
       do nothing returning 1`,
      [
        this.#tenant,
        target.component,
        target.environment,
        hold.reason,
        hold.by,
        hold.since,
      ],
    );
    return rows.length === 1;
  }

  /** @returns false when there is none */
  async release(
    target: TargetAddress,
    by: { ref: string; at: Date },
  ): Promise<boolean> {
    const { rows } = await this.#transaction.raw(
      `update portico_promotions.holds set released_by = ?, released_at = ?
        where tenant = ? and component = ? and environment = ? and released_at is null
        returning 1`,
      [by.ref, by.at, this.#tenant, target.component, target.environment],
    );
    return rows.length === 1;
  }
}
