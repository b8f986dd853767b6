import { parseEntityRef } from '@backstage/catalog-model';
import {
  ApiBlueprint,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import { DefaultEntityPresentationApi } from '@backstage/plugin-catalog';
import {
  catalogApiRef,
  defaultEntityPresentation,
  entityPresentationApiRef,
} from '@backstage/plugin-catalog-react';

/**
 * Names entities without their namespace: it is the tenant, and nobody sees those of
 * two tenants. Stock would write it in front of everything that a tenant has.
 */
const entityPresentation = ApiBlueprint.make({
  name: 'entity-presentation',
  params: defineParams =>
    defineParams({
      api: entityPresentationApiRef,
      deps: { catalogApi: catalogApiRef },
      factory: ({ catalogApi }) =>
        DefaultEntityPresentationApi.create({
          catalogApi,
          renderer: {
            render: ({ entityRef, entity, context }) => ({
              snapshot: defaultEntityPresentation(entity ?? entityRef, {
                ...context,
                defaultNamespace: parseEntityRef(entityRef).namespace,
              }),
            }),
          },
        }),
    }),
});

/** What Portico changes in the stock catalog pages. */
export const catalogModule = createFrontendModule({
  pluginId: 'catalog',
  extensions: [entityPresentation],
});
