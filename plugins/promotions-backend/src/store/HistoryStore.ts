import {
  type DeliveryEvent,
  promotionEventSchema,
  promotionPhaseSchema,
  type Subject,
  subjectSchema,
  type Transition,
} from '@portico/plugin-promotions-common';
import { type Knex } from 'knex';
import { z } from 'zod';

const transitionRowSchema = z.object({
  sequence: z.number(),
  from_phase: promotionPhaseSchema.nullable(),
  to_phase: promotionPhaseSchema,
  event: z.union([promotionEventSchema, z.literal('request')]),
  reason: z.string(),
  by_ref: z.string(),
  at: z.date(),
});

/** What happened to promotions of one tenant, in one transaction; only ever added to. */
export class HistoryStore {
  readonly #transaction: Knex.Transaction;
  readonly #tenant: string;

  constructor(transaction: Knex.Transaction, tenant: string) {
    this.#transaction = transaction;
    this.#tenant = tenant;
  }

  /** Oldest first. */
  async transitionsOf(promotion: string): Promise<Transition[]> {
    const { rows } = await this.#transaction.raw(
      `select sequence, from_phase, to_phase, event, reason, by_ref, at
         from portico_promotions.transitions
        where tenant = ? and promotion = ? order by sequence`,
      [this.#tenant, promotion],
    );
    return z
      .array(transitionRowSchema)
      .parse(rows)
      .map(row => ({
        sequence: row.sequence,
        ...(row.from_phase && { from: row.from_phase }),
        to: row.to_phase,
        event: row.event,
        reason: row.reason,
        by: row.by_ref,
        at: row.at.toISOString(),
      }));
  }

  async addTransition(
    promotion: string,
    transition: Omit<Transition, 'at'> & { at: Date },
  ): Promise<void> {
    await this.#transaction.raw(
      `insert into portico_promotions.transitions
         (tenant, promotion, sequence, from_phase, to_phase, event, reason, by_ref, at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        this.#tenant,
        promotion,
        transition.sequence,
        transition.from ?? null,
        transition.to,
        transition.event,
        transition.reason,
        transition.by,
        transition.at,
      ],
    );
  }

  /** What was shown, by its digest. */
  async subject(
    promotion: string,
    digest: string,
  ): Promise<Subject | undefined> {
    const { rows } = await this.#transaction.raw(
      `select content from portico_promotions.subjects
        where tenant = ? and promotion = ? and digest = ?`,
      [this.#tenant, promotion, digest],
    );
    return rows[0] && subjectSchema.parse(rows[0].content);
  }

  async addSubject(
    promotion: string,
    subject: { digest: string; content: Subject; madeAt: Date },
  ): Promise<void> {
    await this.#transaction.raw(
      `insert into portico_promotions.subjects (tenant, promotion, digest, content, made_at)
       values (?, ?, ?, ?, ?) on conflict do nothing`,
      [
        this.#tenant,
        promotion,
        subject.digest,
        JSON.stringify(subject.content),
        subject.madeAt,
      ],
    );
  }

  /** Told to event streams and other programs. */
  async addEvent(event: DeliveryEvent, at: Date): Promise<void> {
    await this.#transaction.raw(
      'insert into portico_promotions.events (tenant, at, event) values (?, ?, ?)',
      [this.#tenant, at, JSON.stringify(event)],
    );
  }
}
