import { type Override } from '@portico/plugin-promotions-common';
import { type Knex } from 'knex';
import { z } from 'zod';

/** An override and its number. */
export type StoredOverride = Override & { sequence: string };

const rowSchema = z.object({
  sequence: z.string(),
  gates: z.array(z.string()),
  reason: z.string(),
  ticket: z.string(),
  by_ref: z.string(),
  at: z.date(),
  expires_at: z.date(),
  confirmed_by: z.string().nullable(),
  confirmed_at: z.date().nullable(),
  review_due_at: z.date(),
  reviewed_by: z.string().nullable(),
  reviewed_at: z.date().nullable(),
  finding: z.enum(['justified', 'notJustified']).nullable(),
  review_comment: z.string().nullable(),
});

/** The overrides of one tenant, in one transaction. */
export class OverrideStore {
  readonly #transaction: Knex.Transaction;
  readonly #tenant: string;

  constructor(transaction: Knex.Transaction, tenant: string) {
    this.#transaction = transaction;
    this.#tenant = tenant;
  }

  /** Oldest first. */
  async of(promotion: string): Promise<StoredOverride[]> {
    const { rows } = await this.#transaction.raw(
      `select sequence::text, gates, reason, ticket, by_ref, at, expires_at, confirmed_by,
              confirmed_at, review_due_at, reviewed_by, reviewed_at, finding, review_comment
         from portico_promotions.overrides
        where tenant = ? and promotion = ? order by overrides.sequence`,
      [this.#tenant, promotion],
    );
    return z.array(rowSchema).parse(rows).map(toOverride);
  }

  async add(
    promotion: string,
    override: {
      gates: readonly string[];
      reason: string;
      ticket: string;
      by: string;
      at: Date;
      expiresAt: Date;
      reviewDueAt: Date;
    },
  ): Promise<void> {
    await this.#transaction.raw(
      `insert into portico_promotions.overrides
         (tenant, promotion, gates, reason, ticket, by_ref, at, expires_at, review_due_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        this.#tenant,
        promotion,
        JSON.stringify(override.gates),
        override.reason,
        override.ticket,
        override.by,
        override.at,
        override.expiresAt,
        override.reviewDueAt,
      ],
    );
  }

  async confirm(
    promotion: string,
    sequence: string,
    by: { ref: string; at: Date },
  ): Promise<void> {
    await this.#transaction.raw(
      `update portico_promotions.overrides set confirmed_by = ?, confirmed_at = ?
        where tenant = ? and promotion = ? and sequence = ? and confirmed_by is null`,
      [by.ref, by.at, this.#tenant, promotion, sequence],
    );
  }

  async review(
    promotion: string,
    sequence: string,
    review: {
      by: string;
      at: Date;
      finding: 'justified' | 'notJustified';
      comment: string;
    },
  ): Promise<void> {
    await this.#transaction.raw(
      `update portico_promotions.overrides
          set reviewed_by = ?, reviewed_at = ?, finding = ?, review_comment = ?
        where tenant = ? and promotion = ? and sequence = ? and reviewed_by is null`,
      [
        review.by,
        review.at,
        review.finding,
        review.comment,
        this.#tenant,
        promotion,
        sequence,
      ],
    );
  }
}

function toOverride(row: z.infer<typeof rowSchema>): StoredOverride {
  return {
    sequence: row.sequence,
    gates: row.gates,
    reason: row.reason,
    ticket: row.ticket,
    by: row.by_ref,
    at: row.at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    ...(row.confirmed_by &&
      row.confirmed_at && {
        confirmed: {
          by: row.confirmed_by,
          at: row.confirmed_at.toISOString(),
        },
      }),
    reviewDueAt: row.review_due_at.toISOString(),
    ...(row.reviewed_by &&
      row.reviewed_at &&
      row.finding && {
        review: {
          by: row.reviewed_by,
          at: row.reviewed_at.toISOString(),
          finding: row.finding,
          comment: row.review_comment ?? '',
        },
      }),
  };
}
