import { type BackstageCredentials } from '@backstage/backend-plugin-api';
import { type Entity } from '@backstage/catalog-model';
import { type CatalogService } from '@backstage/plugin-catalog-node';
import {
  type EnvironmentSpec,
  environmentNameSchema,
  environmentSpecSchema,
} from '@portico/plugin-promotions-common';
import { PLATFORM_TENANT } from '@portico/plugin-tenancy-common';

/** An environment that a tenant can promote to. */
export interface KnownEnvironment {
  name: string;
  spec: EnvironmentSpec;
}

/** As many as are looked at; nobody has more. */
const MOST = 200;

/**
 * The environments of a tenant in their order: the platform's, and the tenant's own in
 * place of those with the same name. One that is written wrongly is left out here; the
 * pages of the components say what is wrong with it.
 */
export async function readEnvironments(
  catalog: Pick<CatalogService, 'queryEntities'>,
  by: { tenant: string; credentials: BackstageCredentials },
): Promise<KnownEnvironment[]> {
  const { items } = await catalog.queryEntities(
    {
      filter: {
        kind: 'environment',
        'metadata.namespace': [PLATFORM_TENANT, by.tenant],
      },
      limit: MOST,
    },
    { credentials: by.credentials },
  );
  const ofTenant = (tenant: string) =>
    items
      .filter(({ metadata }) => metadata.namespace === tenant)
      .flatMap(toEnvironment);
  const byName = new Map(
    [...ofTenant(PLATFORM_TENANT), ...ofTenant(by.tenant)].map(environment => [
      environment.name,
      environment,
    ]),
  );
  return [...byName.values()].sort(
    (one, other) =>
      one.spec.order - other.spec.order || (one.name < other.name ? -1 : 1),
  );
}

function toEnvironment({ metadata, spec }: Entity): KnownEnvironment[] {
  const name = environmentNameSchema.safeParse(metadata.name);
  const parsed = environmentSpecSchema.safeParse(spec);
  return name.success && parsed.success
    ? [{ name: name.data, spec: parsed.data }]
    : [];
}
