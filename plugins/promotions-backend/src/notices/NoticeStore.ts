import { type Knex } from 'knex';
import { z } from 'zod';

/** What people are told of. */
export const noticeKindSchema = z.enum([
  /** People have to approve what is shown. */
  'approval',
  /** A promotion is over. */
  'end',
  /** Somebody goes past gates. */
  'breakGlass',
  /** What runs is not what is declared. */
  'drift',
]);
export type NoticeKind = z.infer<typeof noticeKindSchema>;

/** Something that people are to be told, once. */
export interface NewNotice {
  kind: NoticeKind;
  /** The same key again changes nothing. */
  key: string;
  component: string;
  environment: string;
  /** For all but drift. */
  promotion?: string;
  madeAt: Date;
  /** Not before then; at once without. */
  dueAt?: Date;
}

/** What became of a notice. */
export type NoticeOutcome = 'told' | 'needless' | 'switchedOff' | 'gaveUp';

/** The notices of one tenant, in one transaction: what is written here is sent later. */
export class NoticeStore {
  readonly #transaction: Knex.Transaction;
  readonly #tenant: string;

  constructor(transaction: Knex.Transaction, tenant: string) {
    this.#transaction = transaction;
    this.#tenant = tenant;
  }

  async add(notice: NewNotice): Promise<void> {
    await this.#transaction.raw(
      `insert into portico_promotions.notices
         (tenant, key, kind, component, environment, promotion, made_at, due_at)
       values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (tenant, key) do nothing`,
      [
        this.#tenant,
        notice.key,
        notice.kind,
        notice.component,
        notice.environment,
        notice.promotion ?? null,
        notice.madeAt,
        notice.dueAt ?? notice.madeAt,
      ],
    );
  }

  /** Nobody sends it any more. */
  async settle(id: string, outcome: NoticeOutcome, at: Date): Promise<void> {
    await this.#transaction.raw(
      `update portico_promotions.notices
          set settled_at = ?, outcome = ?, leased_until = null
        where tenant = ? and id = ? and settled_at is null`,
      [at, outcome, this.#tenant, id],
    );
  }

  async postpone(id: string, dueAt: Date): Promise<void> {
    await this.#transaction.raw(
      `update portico_promotions.notices set due_at = ?, leased_until = null
        where tenant = ? and id = ? and settled_at is null`,
      [dueAt, this.#tenant, id],
    );
  }
}
