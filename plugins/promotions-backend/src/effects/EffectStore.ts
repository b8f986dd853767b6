import { type Effect, effectSchema } from '@portico/plugin-promotions-common';
import { type Knex } from 'knex';
import { z } from 'zod';

/** An effect that a promotion is going to have. */
export interface PlannedEffect {
  key: string;
  step: string;
  kind: Effect['kind'];
}

const rowSchema = z.object({
  key: z.string(),
  step: z.string(),
  kind: effectSchema.shape.kind,
  state: effectSchema.shape.state,
  attempts: z.number(),
  remote: effectSchema.shape.remote.nullable(),
  reason: z.string().nullable(),
  planned_at: z.date(),
  confirmed_at: z.date().nullable(),
});

/** What one tenant's promotions do outside, in one transaction. */
export class EffectStore {
  readonly #transaction: Knex.Transaction;
  readonly #tenant: string;

  constructor(transaction: Knex.Transaction, tenant: string) {
    this.#transaction = transaction;
    this.#tenant = tenant;
  }

  /** The effects of a promotion, in their order. */
  async of(promotion: string): Promise<Effect[]> {
    const { rows } = await this.#transaction.raw(
      `select key, step, kind, state, attempts, remote, reason, planned_at, confirmed_at
         from portico_promotions.effects
        where tenant = ? and promotion = ? order by position`,
      [this.#tenant, promotion],
    );
    return z.array(rowSchema).parse(rows).map(toEffect);
  }

  /** Writes down what a promotion is going to do; what is written down stays. */
  async plan(
    promotion: string,
    effects: readonly PlannedEffect[],
    at: Date,
  ): Promise<void> {
    for (const [position, { key, step, kind }] of effects.entries()) {
      await this.#transaction.raw(
        `insert into portico_promotions.effects
           (tenant, promotion, key, step, position, kind, state, planned_at)
         values (?, ?, ?, ?, ?, ?, 'planned', ?)
         on conflict (tenant, key) do nothing`,
        [this.#tenant, promotion, key, step, position, kind, at],
      );
    }
  }

  /**
   * About to be looked for, and done.
   *
   * @returns how many times it was begun, with this one; undefined once it is confirmed
   */
  async send(key: string): Promise<number | undefined> {
    const { rows } = await this.#transaction.raw(
      `update portico_promotions.effects
          set state = 'sent', attempts = attempts + 1
        where tenant = ? and key = ? and state <> 'confirmed' returning attempts`,
      [this.#tenant, key],
    );
    return z.array(rowSchema.pick({ attempts: true })).parse(rows)[0]?.attempts;
  }

  async confirm(
    key: string,
    remote: NonNullable<Effect['remote']>,
    at: Date,
  ): Promise<void> {
    await this.#set(
      `state = 'confirmed', remote = ?, reason = null, confirmed_at = ?`,
      [JSON.stringify(remote), at],
      key,
    );
  }

  /** Not yet, and why; it is known that nothing was done when it goes back to planned. */
  async explain(
    key: string,
    state: 'planned' | 'sent' | 'failed',
    reason: string,
  ): Promise<void> {
    await this.#set('state = ?, reason = ?', [state, reason], key);
  }

  /** What was confirmed stays so, whoever comes late. */
  async #set(
    assignments: string,
    values: ReadonlyArray<string | Date>,
    key: string,
  ): Promise<void> {
    await this.#transaction.raw(
      `update portico_promotions.effects set ${assignments}
        where tenant = ? and key = ? and state <> 'confirmed'`,
      [...values, this.#tenant, key],
    );
  }
}

function toEffect(row: z.infer<typeof rowSchema>): Effect {
  return {
    key: row.key,
    step: row.step,
    kind: row.kind,
    state: row.state,
    attempts: row.attempts,
    ...(row.remote && { remote: row.remote }),
    ...(row.reason !== null && { reason: row.reason }),
    plannedAt: row.planned_at.toISOString(),
    ...(row.confirmed_at && { confirmedAt: row.confirmed_at.toISOString() }),
  };
}
