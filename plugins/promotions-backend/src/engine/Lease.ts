import { randomUUID } from 'node:crypto';
import { type PorticoDatabase } from '@portico/database';
import { z } from 'zod';

/**
 * The right to look at one promotion, for as long as its holder lives: it is renewed while
 * it is held, and runs out within seconds of a kill. It counts by the database's clock,
 * which all replicas share. It saves work and keeps two from doing the same outside at
 * once; what may happen is up to the transition's compare-and-set, not to this.
 */
export class Lease {
  /** @returns undefined while somebody else has it, or when the promotion has ended */
  static async take(
    database: PorticoDatabase,
    promotion: { tenant: string; id: string },
    milliseconds: number,
  ): Promise<Lease | undefined> {
    const holder = randomUUID();
    const { rows } = await database.inTenant(promotion.tenant, transaction =>
      transaction.raw(
        `update portico_promotions.promotions
            set leased_by = ?, leased_until = clock_timestamp() + ? * interval '1 millisecond'
          where tenant = ? and id = ? and ended_at is null
            and (leased_until is null or leased_until < clock_timestamp())
          returning 1`,
        [holder, milliseconds, promotion.tenant, promotion.id],
      ),
    );
    return rows.length === 1
      ? new Lease(database, promotion, holder, milliseconds)
      : undefined;
  }

  readonly #lost = new AbortController();
  readonly #renewal: NodeJS.Timeout;

  private constructor(
    private readonly database: PorticoDatabase,
    private readonly promotion: { tenant: string; id: string },
    private readonly holder: string,
    private readonly milliseconds: number,
  ) {
    this.#renewal = setInterval(() => {
      this.#renew().catch(error => this.#lost.abort(error));
    }, milliseconds / 3);
    this.#renewal.unref();
  }

  /** Aborted when somebody else may have it now. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** @returns whether the promotion is due at `now`: something happened while it was held */
  async release(now: Date): Promise<boolean> {
    clearInterval(this.#renewal);
    const { rows } = await this.database.inTenant(
      this.promotion.tenant,
      transaction =>
        transaction.raw(
          `update portico_promotions.promotions set leased_by = null, leased_until = null
            where tenant = ? and id = ? and leased_by = ?
            returning ended_at is null and due_at <= ? as due`,
          [this.promotion.tenant, this.promotion.id, this.holder, now],
        ),
    );
    return (
      z.array(z.object({ due: z.boolean().nullable() })).parse(rows)[0]?.due ===
      true
    );
  }

  async #renew(): Promise<void> {
    const { rows } = await this.database.inTenant(
      this.promotion.tenant,
      transaction =>
        transaction.raw(
          `update portico_promotions.promotions
              set leased_until = clock_timestamp() + ? * interval '1 millisecond'
            where tenant = ? and id = ? and leased_by = ? returning 1`,
          [
            this.milliseconds,
            this.promotion.tenant,
            this.promotion.id,
            this.holder,
          ],
        ),
    );
    if (rows.length === 0) {
      this.#lost.abort(new Error('The lease of the promotion is lost'));
    }
  }
}
