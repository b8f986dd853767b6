import { type PorticoDatabase } from '@portico/database';
import {
  type Promotion,
  type PromotionPhase,
} from '@portico/plugin-promotions-common';
import { type Knex } from 'knex';
import { z } from 'zod';
import {
  selectPromotions,
  type StoredPromotion,
  toPromotion,
} from '../store/toPromotion';
import { readCursor, toPage } from './pageCursor';

const positionSchema = z.tuple([z.uuid()]);

/** Which promotions are asked for. */
export interface PromotionFilter {
  component?: string;
  environment?: string;
  phase?: PromotionPhase | 'open' | 'ended';
}

/** Reads promotions of a tenant. */
export class PromotionQueries {
  readonly #database: PorticoDatabase;

  constructor(options: { database: PorticoDatabase }) {
    this.#database = options.database;
  }

  async get(address: {
    tenant: string;
    id: string;
  }): Promise<Promotion | undefined> {
    const { rows } = await this.#database.inTenant(
      address.tenant,
      transaction =>
        transaction.raw(`${selectPromotions} where p.tenant = ? and p.id = ?`, [
          address.tenant,
          address.id,
        ]),
    );
    return rows[0] && toPromotion(rows[0]).promotion;
  }

  /** Newest first. */
  async list(
    query: PromotionFilter & {
      tenant: string;
      limit: number;
      cursor?: string;
    },
  ): Promise<{ items: Promotion[]; nextCursor?: string }> {
    const { tenant, limit, cursor } = query;
    const [before] = cursor ? readCursor(cursor, positionSchema) : [];
    const found = await this.#database.inTenant(tenant, transaction =>
      readPromotions(transaction, {
        ...query,
        before,
        limit: limit + 1,
      }),
    );
    const page = toPage(found, limit, ({ promotion }) => [promotion.id]);
    return { ...page, items: page.items.map(({ promotion }) => promotion) };
  }
}

/** Promotions that meet a filter, newest first, behind one that was seen. */
export async function readPromotions(
  transaction: Knex.Transaction,
  query: PromotionFilter & { tenant: string; before?: string; limit: number },
): Promise<StoredPromotion[]> {
  const { component, environment, phase, before } = query;
  const conditions = ['p.tenant = ?'];
  const values: Knex.RawBinding[] = [query.tenant];
  const add = (condition: string, ...more: string[]) => {
    conditions.push(condition);
    values.push(...more);
  };
  if (component !== undefined) {
    add('p.component = ?', component);
  }
  if (environment !== undefined) {
    add('p.environment = ?', environment);
  }
  if (before !== undefined) {
    // A place is only known to who can see the promotion there: for others it is none.
    add(
      `p.id < (select seen.id from portico_promotions.promotions seen
                where seen.tenant = ? and seen.id = ?)`,
      query.tenant,
      before,
    );
  }
  if (phase === 'open' || phase === 'ended') {
    add(`p.ended_at is ${phase === 'open' ? '' : 'not '}null`);
  } else if (phase !== undefined) {
    add('p.phase = ?', phase);
  }
  const { rows } = await transaction.raw(
    `${selectPromotions} where ${conditions.join(
      ' and ',
    )} order by p.id desc limit ?`,
    [...values, query.limit],
  );
  return z.array(z.unknown()).parse(rows).map(toPromotion);
}
