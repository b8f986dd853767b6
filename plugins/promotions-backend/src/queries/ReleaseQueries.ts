import { type PorticoDatabase } from '@portico/database';
import { type Release } from '@portico/plugin-promotions-common';
import { z } from 'zod';
import { releaseColumns, ReleaseStore, toRelease } from '../store/ReleaseStore';
import { readCursor, toPage } from './pageCursor';

const positionSchema = z.tuple([z.iso.datetime(), z.string()]);

/** Reads releases of a tenant. */
export class ReleaseQueries {
  readonly #database: PorticoDatabase;

  constructor(options: { database: PorticoDatabase }) {
    this.#database = options.database;
  }

  async get(address: {
    tenant: string;
    id: string;
  }): Promise<Release | undefined> {
    return this.#database.inTenant(address.tenant, transaction =>
      new ReleaseStore(transaction, address.tenant).get(address.id),
    );
  }

  /** Those of a component, newest first. */
  async list(query: {
    tenant: string;
    component: string;
    limit: number;
    cursor?: string;
  }): Promise<{ items: Release[]; nextCursor?: string }> {
    const { tenant, component, limit } = query;
    const [at, id] = query.cursor
      ? readCursor(query.cursor, positionSchema)
      : [null, null];
    const { rows } = await this.#database.inTenant(tenant, transaction =>
      transaction.raw(
        `select ${releaseColumns} from portico_promotions.releases
          where tenant = ? and component = ?
            and (?::timestamptz is null or
                 (announced_at, id) < (?::timestamptz, ?))
          order by announced_at desc, id desc limit ?`,
        [tenant, component, at, at, id, limit + 1],
      ),
    );
    return toPage(
      z.array(z.unknown()).parse(rows).map(toRelease),
      limit,
      last => [last.announcedAt, last.id],
    );
  }
}
