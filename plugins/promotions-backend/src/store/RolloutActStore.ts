import {
  type RolloutAct,
  rolloutActSchema,
  type RolloutPosition,
} from '@portico/plugin-promotions-common';
import { type Knex } from 'knex';
import { z } from 'zod';

const MOST = 50;

/** An act, and what the one who asked had seen. */
export type StoredRolloutAct = Omit<RolloutAct, 'state'> & {
  state: 'asked' | 'done' | 'refused' | 'unanswered';
  seen: RolloutPosition;
};

const rowSchema = z.object({
  id: z.string(),
  action: rolloutActSchema.shape.action,
  rollout: z.string(),
  pods: z.string(),
  step: z.number().nullable(),
  reason: z.string(),
  by_ref: z.string(),
  at: z.date(),
  state: z.enum(['asked', 'done', 'refused', 'unanswered']),
  outcome: z.string().nullable(),
  ended_at: z.date().nullable(),
});
const columns =
  'id, action, rollout, pods, step, reason, by_ref, at, state, outcome, ended_at';

/** What people asked of the rollouts of one tenant, in one transaction. */
export class RolloutActStore {
  readonly #transaction: Knex.Transaction;
  readonly #tenant: string;

  constructor(transaction: Knex.Transaction, tenant: string) {
    this.#transaction = transaction;
    this.#tenant = tenant;
  }

  /** @returns false when the same is asked for already, which stays */
  async add(
    promotion: string,
    act: Pick<StoredRolloutAct, 'action' | 'rollout' | 'seen' | 'reason'> & {
      by: string;
      at: Date;
    },
  ): Promise<boolean> {
    const { rows } = await this.#transaction.raw(
      `insert into portico_promotions.rollout_acts
         (tenant, promotion, action, rollout, pods, step, reason, by_ref, at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?)
       on conflict (tenant, promotion, rollout, action) where state = 'asked'
       do nothing returning 1`,
      [
        this.#tenant,
        promotion,
        act.action,
        act.rollout,
        act.seen.pods,
        act.seen.step ?? null,
        act.reason,
        act.by,
        act.at,
      ],
    );
    return rows.length === 1;
  }

  /** Of one promotion, oldest first; the newest where there are many. */
  async of(promotion: string): Promise<StoredRolloutAct[]> {
    const { rows } = await this.#transaction.raw(
      `select ${columns} from portico_promotions.rollout_acts
        where tenant = ? and promotion = ? order by sequence desc limit ${MOST}`,
      [this.#tenant, promotion],
    );
    return z.array(z.unknown()).parse(rows).map(toAct).reverse();
  }

  /** The oldest that is not done yet. */
  async next(promotion: string): Promise<StoredRolloutAct | undefined> {
    const { rows } = await this.#transaction.raw(
      `select ${columns} from portico_promotions.rollout_acts
        where tenant = ? and promotion = ? and state = 'asked' order by sequence limit 1`,
      [this.#tenant, promotion],
    );
    return rows[0] && toAct(rows[0]);
  }

  /** @returns false when it had ended before */
  async end(
    id: string,
    result: {
      state: 'done' | 'refused' | 'unanswered';
      outcome: string;
      at: Date;
    },
  ): Promise<boolean> {
    const { rows } = await this.#transaction.raw(
      `update portico_promotions.rollout_acts set state = ?, outcome = ?, ended_at = ?
        where tenant = ? and id = ? and state = 'asked' returning 1`,
      [result.state, result.outcome, result.at, this.#tenant, id],
    );
    return rows.length === 1;
  }
}

function toAct(raw: unknown): StoredRolloutAct {
  const row = rowSchema.parse(raw);
  return {
    id: row.id,
    action: row.action,
    rollout: row.rollout,
    seen: { pods: row.pods, ...(row.step !== null && { step: row.step }) },
    reason: row.reason,
    by: row.by_ref,
    at: row.at.toISOString(),
    state: row.state,
    ...(row.outcome !== null && { outcome: row.outcome }),
    ...(row.ended_at && { endedAt: row.ended_at.toISOString() }),
  };
}
