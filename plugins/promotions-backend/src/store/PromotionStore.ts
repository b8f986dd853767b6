import {
  type FrozenStage,
  promotionIdSchema,
  type PromotionKind,
  type PromotionPhase,
} from '@portico/plugin-promotions-common';
import { type Knex } from 'knex';
import { z } from 'zod';
import {
  selectPromotions,
  type StoredPromotion,
  toPromotion,
} from './toPromotion';

/** A component in an environment. */
export interface TargetAddress {
  component: string;
  environment: string;
}

/** A promotion that begins to exist. */
export interface NewPromotion extends TargetAddress {
  id: string;
  kind: PromotionKind;
  release: string;
  before?: string;
  reason: string;
  requestedBy: string;
  automatic: boolean;
  requestedAt: Date;
  comment?: string;
  stage: FrozenStage;
  expiresAt: Date;
  sample: boolean;
  requestKey?: string;
}

const acting = `phase in ('running', 'verifying')`;

/** The promotions of one tenant, in one transaction. */
export class PromotionStore {
  readonly #transaction: Knex.Transaction;
  readonly #tenant: string;

  constructor(transaction: Knex.Transaction, tenant: string) {
    this.#transaction = transaction;
    this.#tenant = tenant;
  }

  async get(id: string): Promise<StoredPromotion | undefined> {
    // what is no id names nothing
    if (!promotionIdSchema.safeParse(id).success) {
      return undefined;
    }
    return this.#one('p.id = ?', [id]);
  }

  /** Nobody else changes it until the transaction ends. */
  async getLocked(id: string): Promise<StoredPromotion | undefined> {
    if (!promotionIdSchema.safeParse(id).success) {
      return undefined;
    }
    await this.#transaction.raw(
      'select 1 from portico_promotions.promotions where tenant = ? and id = ? for update',
      [this.#tenant, id],
    );
    return this.get(id);
  }

  async findByKey(requestKey: string): Promise<StoredPromotion | undefined> {
    return this.#one('p.request_key = ?', [requestKey]);
  }

  /** What went wrong, so that the pipeline asked for a rollback. */
  async takenBackBy(rollback: string): Promise<StoredPromotion | undefined> {
    return this.#one(`p.superseded_by = ? and p.phase = 'rolledBack'`, [
      rollback,
    ]);
  }

  /** Requests to one target come one after the other until the transaction ends. */
  async lockTarget({ component, environment }: TargetAddress): Promise<void> {
    await this.#transaction.raw(
      'select pg_advisory_xact_lock(hashtextextended(?, 7007))',
      [`promotions ${this.#tenant} ${component} ${environment}`],
    );
  }

  /** Those of a target that have not ended, oldest first. */
  async openOf(target: TargetAddress): Promise<StoredPromotion[]> {
    const { rows } = await this.#transaction.raw(
      `${selectPromotions}
        where p.tenant = ? and p.component = ? and p.environment = ? and p.ended_at is null
        order by p.id`,
      [this.#tenant, target.component, target.environment],
    );
    return z.array(z.unknown()).parse(rows).map(toPromotion);
  }

  /** Those of a release that have not begun, oldest first. */
  async notBegunOf(release: string): Promise<StoredPromotion[]> {
    const { rows } = await this.#transaction.raw(
      `${selectPromotions}
        where p.tenant = ? and p.release = ? and p.ended_at is null and not p.${acting}
        order by p.id`,
      [this.#tenant, release],
    );
    return z.array(z.unknown()).parse(rows).map(toPromotion);
  }

  /** Which promotion acts on a target now. */
  async actingOn(target: TargetAddress): Promise<string | undefined> {
    const { rows } = await this.#transaction.raw(
      `select id from portico_promotions.promotions
        where tenant = ? and component = ? and environment = ? and ${acting}`,
      [this.#tenant, target.component, target.environment],
    );
    return z.array(z.object({ id: z.string() })).parse(rows)[0]?.id;
  }

  async add(promotion: NewPromotion): Promise<void> {
    await this.#transaction.raw(
      `insert into portico_promotions.promotions
         (tenant, id, component, environment, kind, release, before, phase, reason,
          requested_by, automatic, requested_at, comment, stage, expires_at, sample,
          request_key, due_at, phase_since)
       values (?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        this.#tenant,
        promotion.id,
        promotion.component,
        promotion.environment,
        promotion.kind,
        promotion.release,
        promotion.before ?? null,
        promotion.reason,
        promotion.requestedBy,
        promotion.automatic,
        promotion.requestedAt,
        promotion.comment ?? null,
        JSON.stringify(promotion.stage),
        promotion.expiresAt,
        promotion.sample,
        promotion.requestKey ?? null,
        promotion.requestedAt,
        promotion.requestedAt,
      ],
    );
  }

  /**
   * Moves a promotion on if nothing happened to it since it was read.
   *
   * @returns false when something did: look at it again
   */
  async move(
    was: StoredPromotion,
    to: {
      phase: PromotionPhase;
      reason: string;
      at: Date;
      /** Undefined at an end. */
      dueAt?: Date;
      supersededBy?: string;
      overridden?: boolean;
      declaredRevision?: string;
      /** What gates said counts only while nothing new came. */
      unlessNews: boolean;
    },
  ): Promise<boolean> {
    const { rows } = await this.#transaction.raw(
      `update portico_promotions.promotions
          set phase = ?, revision = revision + 1, reason = ?, due_at = ?, phase_since = ?,
              attempts = 0, ended_at = ?, superseded_by = ?,
              overridden = overridden or ?, declared_revision = coalesce(?, declared_revision)
        where tenant = ? and id = ? and phase = ? and revision = ? and (not ? or news = ?)
        returning 1`,
      [
        to.phase,
        to.reason,
        to.dueAt ?? null,
        to.at,
        to.dueAt ? null : to.at,
        to.supersededBy ?? null,
        to.overridden ?? false,
        to.declaredRevision ?? null,
        this.#tenant,
        was.promotion.id,
        was.promotion.phase,
        was.promotion.revision,
        to.unlessNews,
        was.news,
      ],
    );
    return rows.length === 1;
  }

  /**
   * Notes why it stays where it is, and when to look again.
   *
   * @returns false when something happened to it since it was read
   */
  async wait(
    was: StoredPromotion,
    until: { reason: string; dueAt: Date; attempts: number },
  ): Promise<boolean> {
    const { rows } = await this.#transaction.raw(
      `update portico_promotions.promotions set reason = ?, due_at = ?, attempts = ?
        where tenant = ? and id = ? and revision = ? and news = ? returning 1`,
      [
        until.reason,
        until.dueAt,
        until.attempts,
        this.#tenant,
        was.promotion.id,
        was.promotion.revision,
        was.news,
      ],
    );
    return rows.length === 1;
  }

  /** Makes what gates said before not count, and has it looked at now. */
  async stir(id: string, at: Date): Promise<void> {
    await this.#transaction.raw(
      `update portico_promotions.promotions set news = news + 1, due_at = ?
        where tenant = ? and id = ? and ended_at is null`,
      [at, this.#tenant, id],
    );
  }

  /** The same for all that have not begun, in one environment or everywhere. */
  async stirAll(environment: string | undefined, at: Date): Promise<string[]> {
    const { rows } = await this.#transaction.raw(
      `update portico_promotions.promotions set news = news + 1, due_at = ?
        where tenant = ? and ended_at is null and not ${acting}
          and (?::text is null or environment = ?) returning id`,
      [at, this.#tenant, environment ?? null, environment ?? null],
    );
    return z
      .array(z.object({ id: z.string() }))
      .parse(rows)
      .map(({ id }) => id);
  }

  /** Has those of a target that wait for their turn looked at now. */
  async wakeTarget(target: TargetAddress, at: Date): Promise<string[]> {
    const { rows } = await this.#transaction.raw(
      `update portico_promotions.promotions set due_at = ?
        where tenant = ? and component = ? and environment = ? and phase = 'ready' returning id`,
      [at, this.#tenant, target.component, target.environment],
    );
    return z
      .array(z.object({ id: z.string() }))
      .parse(rows)
      .map(({ id }) => id);
  }

  async setSubject(id: string, digest: string): Promise<void> {
    await this.#transaction.raw(
      'update portico_promotions.promotions set subject = ? where tenant = ? and id = ?',
      [digest, this.#tenant, id],
    );
  }

  async #one(
    condition: string,
    values: string[],
  ): Promise<StoredPromotion | undefined> {
    const { rows } = await this.#transaction.raw(
      `${selectPromotions} where p.tenant = ? and ${condition}`,
      [this.#tenant, ...values],
    );
    return rows[0] && toPromotion(rows[0]);
  }
}
