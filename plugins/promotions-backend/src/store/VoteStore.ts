import { type Vote, voteSchema } from '@portico/plugin-promotions-common';
import { type Knex } from 'knex';
import { z } from 'zod';

/** A vote as it was cast. */
export type StoredVote = Vote & { comment?: string };

const rowSchema = z.object({
  voter: z.string(),
  decision: voteSchema.shape.decision,
  subject: z.string(),
  representing: z.string().nullable(),
  comment: z.string().nullable(),
  auth_time: z.date().nullable(),
  at: z.date(),
});

/** The votes on promotions of one tenant, in one transaction. */
export class VoteStore {
  readonly #transaction: Knex.Transaction;
  readonly #tenant: string;

  constructor(transaction: Knex.Transaction, tenant: string) {
    this.#transaction = transaction;
    this.#tenant = tenant;
  }

  /** Oldest first, of all subjects. */
  async of(promotion: string): Promise<StoredVote[]> {
    const { rows } = await this.#transaction.raw(
      `select voter, decision, subject, representing, comment, auth_time, at
         from portico_promotions.votes where tenant = ? and promotion = ? order by sequence`,
      [this.#tenant, promotion],
    );
    return z.array(rowSchema).parse(rows).map(toVote);
  }

  async add(
    vote: StoredVote & {
      promotion: string;
      belongedTo: readonly string[];
    },
  ): Promise<void> {
    await this.#transaction.raw(
      `insert into portico_promotions.votes
         (tenant, promotion, voter, decision, subject, representing, comment, belonged_to, auth_time, at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        this.#tenant,
        vote.promotion,
        vote.voter,
        vote.decision,
        vote.subject,
        vote.representing ?? null,
        vote.comment ?? null,
        JSON.stringify(vote.belongedTo),
        vote.authenticatedAt ?? null,
        vote.at,
      ],
    );
  }
}

function toVote(row: z.infer<typeof rowSchema>): StoredVote {
  return {
    voter: row.voter,
    decision: row.decision,
    subject: row.subject,
    at: row.at.toISOString(),
    ...(row.auth_time && { authenticatedAt: row.auth_time.toISOString() }),
    ...(row.representing && { representing: row.representing }),
    ...(row.comment && { comment: row.comment }),
  };
}
