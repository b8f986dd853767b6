import {
  ApiBlueprint,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import { DefaultEntityPresentationApi } from '@backstage/plugin-catalog';
import {
  catalogApiRef,
  entityPresentationApiRef,
} from '@backstage/plugin-catalog-react';
import { catalogPage } from './catalogPage';
import { presentEntity } from './presentEntity';

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
            async: true,
            render: options => ({ snapshot: presentEntity(options) }),
          },
        }),
    }),
});

/** What Portico changes in the stock catalog pages. */
export const catalogModule = createFrontendModule({
  pluginId: 'catalog',
  extensions: [catalogPage, entityPresentation],
});
