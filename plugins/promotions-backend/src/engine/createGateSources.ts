import { type AuthService } from '@backstage/backend-plugin-api';
import { type Entity } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import { type CatalogService } from '@backstage/plugin-catalog-node';
import { type PorticoDatabase } from '@portico/database';
import { type GitHostService } from '@portico/plugin-git-host-node';
import { type TenancyService } from '@portico/plugin-tenancy-node';
import { type GateSources } from '../gates/GateSources';
import { readPromotionAuthors } from '../gates/promotionAuthors';
import { readDependants } from '../gates/readDependants';
import { openStores, type Stores } from '../store/openStores';
import { type EffectRunner, type PipelineResolver } from './EngineParts';

/** Where gates get their facts: the tables, the directory, Git and the environments. */
export function createGateSources(options: {
  auth: Pick<AuthService, 'getOwnServiceCredentials'>;
  catalog: Pick<CatalogService, 'getEntitiesByRefs'>;
  database: PorticoDatabase;
  directory: Pick<TenancyService['directory'], 'members'>;
  gitHost: Pick<GitHostService, 'get' | 'authors' | 'resolve'>;
  resolver: PipelineResolver;
  observer: Pick<EffectRunner, 'observe'>;
}): GateSources {
  const { auth, catalog, database, directory, gitHost, resolver, observer } =
    options;
  const read = <T>(tenant: string, fn: (stores: Stores) => Promise<T>) =>
    database.inTenant(tenant, transaction =>
      fn(openStores(transaction, tenant)),
    );
  const readEntities = async (
    tenant: string,
    entityRefs: string[],
  ): Promise<Array<Entity | undefined>> => {
    const { items } = await catalog.getEntitiesByRefs(
      { entityRefs },
      {
        // Nobody waits for the answer of a gate, so it cannot be read for a user; refs of
        // the tenant alone get here, and what is not the tenant's is dropped.
        // eslint-disable-next-line no-restricted-syntax -- see above
        credentials: await auth.getOwnServiceCredentials(),
      },
    );
    return items.map(entity =>
      entity?.metadata.namespace === tenant ? entity : undefined,
    );
  };
  const readComponent = async (of: { tenant: string; component: string }) => {
    const { tenant, component } = of;
    const [entity] = component.startsWith(`component:${tenant}/`)
      ? await readEntities(tenant, [component])
      : [];
    if (!entity) {
      throw new NotFoundError(`There is no ${component} in ${tenant}`);
    }
    return entity;
  };
  return {
    votes: ({ tenant, id }) => read(tenant, stores => stores.votes.of(id)),
    members: tenant => directory.members(tenant),
    authors: of => readPromotionAuthors(gitHost, of),
    stops: tenant => read(tenant, stores => stores.stops.open()),
    deployments: ({ tenant, ...target }) =>
      read(tenant, stores => stores.deployments.of(target)),
    async observe({ tenant, component, environment }) {
      const { stages } = await resolver.resolve({ tenant, component });
      const stage = stages.find(({ name }) => name === environment);
      if (!stage) {
        throw new NotFoundError(
          `The pipeline of ${component} has no environment ${environment}`,
        );
      }
      const { delivery } = stage.environment;
      return observer.observe({ tenant, component, environment, delivery });
    },
    component: readComponent,
    async dependants(of) {
      return readDependants(of.tenant, await readComponent(of), refs =>
        readEntities(of.tenant, refs),
      );
    },
  };
}
