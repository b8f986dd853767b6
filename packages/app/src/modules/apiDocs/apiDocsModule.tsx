import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { EntityCardBlueprint } from '@backstage/plugin-catalog-react/alpha';

/**
 * On the overview of an API stock shows the whole of its definition in a part that
 * screen readers cannot follow. It stays on its own tab; the overview leads there.
 */
const definitionCard = EntityCardBlueprint.make({
  name: 'definition',
  params: {
    filter: { kind: 'api' },
    loader: () => import('./DefinitionCard').then(m => <m.DefinitionCard />),
  },
});

/** What Portico changes in the stock pages of APIs. */
export const apiDocsModule = createFrontendModule({
  pluginId: 'api-docs',
  extensions: [definitionCard],
});
