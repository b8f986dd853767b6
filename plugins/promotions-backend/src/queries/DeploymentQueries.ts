import { type PorticoDatabase } from '@portico/database';
import { type Deployment } from '@portico/plugin-promotions-common';
import { z } from 'zod';
import { deploymentColumns, toDeployment } from '../store/DeploymentStore';
import { readCursor, toPage } from './pageCursor';

const positionSchema = z.tuple([z.iso.datetime(), z.uuid()]);

/** Reads what ran where in a tenant. */
export class DeploymentQueries {
  readonly #database: PorticoDatabase;

  constructor(options: { database: PorticoDatabase }) {
    this.#database = options.database;
  }

  /** Newest first. */
  async list(query: {
    tenant: string;
    /** Of all without. */
    components?: string[];
    environment?: string;
    tier?: Deployment['tier'];
    limit: number;
    cursor?: string;
  }): Promise<{ items: Deployment[]; nextCursor?: string }> {
    const {
      tenant,
      components = null,
      environment = null,
      tier = null,
      limit,
    } = query;
    const [at, id] = query.cursor
      ? readCursor(query.cursor, positionSchema)
      : [null, null];
    const { rows } = await this.#database.inTenant(tenant, transaction =>
      transaction.raw(
        `select ${deploymentColumns} from portico_promotions.deployments
          where tenant = ?
            and (?::text[] is null or component = any(?::text[]))
            and (?::text is null or environment = ?)
            and (?::text is null or tier = ?)
            and (?::timestamptz is null or (finished_at, id) < (?::timestamptz, ?::uuid))
          order by finished_at desc, id desc limit ?`,
        [
          tenant,
          components,
          components,
          environment,
          environment,
          tier,
          tier,
          at,
          at,
          id,
          limit + 1,
        ],
      ),
    );
    return toPage(
      z.array(z.unknown()).parse(rows).map(toDeployment),
      limit,
      last => [last.finishedAt, last.id],
    );
  }
}
