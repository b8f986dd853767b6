import { type Entity, RELATION_OWNED_BY } from '@backstage/catalog-model';
import { type CatalogService } from '@backstage/plugin-catalog-node';
import { type PorticoDatabase } from '@portico/database';
import { type Board, type BoardRow } from '@portico/plugin-promotions-common';
import { z } from 'zod';
import { type Caller, type DeliveryAccess } from '../router/DeliveryAccess';
import { type Observations } from './Observations';
import { readCursor, writeCursor } from './pageCursor';
import { type KnownEnvironment, readEnvironments } from './readEnvironments';
import { readStandings, type Standing } from './readStandings';

const positionSchema = z.tuple([z.string()]);
const refsSchema = z.array(z.object({ ref: z.string() }));
/** Components that are looked at in one go to find those of one owner. */
const BATCH = 200;
/** More are not looked at for one page; the next one goes on behind them. */
const MOST_BATCHES = 5;

interface Query {
  owner?: string;
  /** Only these. */
  component?: string | string[];
  limit: number;
  cursor?: string;
}

/** Reads the board: components that have releases, and each environment in short. */
export class BoardQuery {
  readonly #database: PorticoDatabase;
  readonly #catalog: Pick<CatalogService, 'queryEntities'>;
  readonly #access: Pick<DeliveryAccess, 'components'>;
  readonly #observations: Pick<Observations, 'of'>;

  constructor(options: {
    database: PorticoDatabase;
    catalog: Pick<CatalogService, 'queryEntities'>;
    access: Pick<DeliveryAccess, 'components'>;
    observations: Pick<Observations, 'of'>;
  }) {
    this.#database = options.database;
    this.#catalog = options.catalog;
    this.#access = options.access;
    this.#observations = options.observations;
  }

  /** A page of the components that the caller may read, by name. */
  async page(caller: Caller, query: Query): Promise<Board> {
    const { tenant } = caller;
    const environments = await readEnvironments(this.#catalog, caller);
    const { components, nextCursor } = await this.#components(caller, query);
    const standings = await this.#database.inTenant(tenant, transaction =>
      readStandings(transaction, {
        tenant,
        components: components.map(({ ref }) => ref),
        environments: environments.map(({ name }) => name),
      }),
    );
    const items = await Promise.all(
      components.map(
        async ({ ref, owner }): Promise<BoardRow> => ({
          component: ref,
          ...(owner !== undefined && { owner }),
          cells: await Promise.all(
            environments.map(environment =>
              this.#cell(
                { tenant, component: ref, environment },
                standings.of(ref, environment.name),
              ),
            ),
          ),
        }),
      ),
    );
    return {
      environments: environments.map(({ name }) => name),
      items,
      ...(nextCursor !== undefined && { nextCursor }),
    };
  }

  async #components(
    caller: Caller,
    query: Query,
  ): Promise<{
    components: Array<{ ref: string; owner?: string }>;
    nextCursor?: string;
  }> {
    const { owner, limit } = query;
    const only = query.component && [query.component].flat();
    const components: Array<{ ref: string; owner?: string }> = [];
    let [after] = query.cursor
      ? readCursor(query.cursor, positionSchema)
      : [''];
    for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
      const refs = only
        ? await this.#namedAfter(caller.tenant, after, only)
        : await this.#refsAfter(caller.tenant, after);
      const readable = await this.#access.components(caller, refs);
      for (const ref of refs) {
        const entity = readable.get(ref);
        const owners = entity ? ownersOf(entity) : [];
        if (entity && (owner === undefined || owners.includes(owner))) {
          if (components.length === limit) {
            return { components, nextCursor: writeCursor([after]) };
          }
          components.push({ ref, ...(owners[0] && { owner: owners[0] }) });
        }
        after = ref;
      }
      if (refs.length < BATCH) {
        return { components };
      }
    }
    return { components, nextCursor: writeCursor([after]) };
  }

  /** Components with real releases behind a name; each is found in the index by itself. */
  async #refsAfter(tenant: string, after: string): Promise<string[]> {
    const { rows } = await this.#database.inTenant(tenant, transaction =>
      transaction.raw(
        `with recursive component as (
           (select component as ref from portico_promotions.releases
             where tenant = ? and component > ? and not sample order by component limit 1)
           union all
           select (select r.component from portico_promotions.releases r
                    where r.tenant = ? and r.component > component.ref and not r.sample
                    order by r.component limit 1)
             from component where component.ref is not null
         )
         select ref from component where ref is not null limit ?`,
        [tenant, after, tenant, BATCH],
      ),
    );
    return refsSchema.parse(rows).map(({ ref }) => ref);
  }

  /** Those of some components that have real releases. */
  async #namedAfter(
    tenant: string,
    after: string,
    names: readonly string[],
  ): Promise<string[]> {
    const { rows } = await this.#database.inTenant(tenant, transaction =>
      transaction.raw(
        `select distinct component as ref from portico_promotions.releases
          where tenant = ? and component = any(?) and component > ? and not sample
          order by ref`,
        [tenant, [...names], after],
      ),
    );
    return refsSchema.parse(rows).map(({ ref }) => ref);
  }

  async #cell(
    target: {
      tenant: string;
      component: string;
      environment: KnownEnvironment;
    },
    standing: Standing,
  ): Promise<BoardRow['cells'][number]> {
    const { environment, ...address } = target;
    const { deployment, release, open, sampleOnly } = standing;
    const version = release?.content.version ?? deployment?.version;
    const observation =
      deployment &&
      (await this.#observations.of({
        ...address,
        environment: environment.name,
        delivery: environment.spec.delivery,
      }));
    return {
      environment: environment.name,
      ...(version !== undefined && { version }),
      ...(deployment && { deployedAt: deployment.finishedAt }),
      behind: standing.behind,
      ...(open && { phase: open.phase, promotion: open.id }),
      ...(sampleOnly && { sampleOnly }),
      health: observation?.health ?? 'unknown',
      ...(observation && {
        observed: {
          source: observation.source,
          reason: observation.reason,
          observedAt: observation.observedAt,
        },
      }),
      drift: standing.drift,
      held: standing.hold !== undefined,
    };
  }
}

function ownersOf(entity: Entity): string[] {
  return (entity.relations ?? [])
    .filter(({ type }) => type === RELATION_OWNED_BY)
    .map(({ targetRef }) => targetRef);
}
