import {
  coreExtensionData,
  createFrontendModule,
  ExtensionBoundary,
  PageLayout,
} from '@backstage/frontend-plugin-api';
import apiDocsPlugin from '@backstage/plugin-api-docs/alpha';
import { EntityCardBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { RiPuzzle2Line } from '@remixicon/react';
import { definitionWidgets } from './definitionWidgets';

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

const loadList = () => import('../catalog/CatalogList');

// Who opens the portal here needs the list next: it comes while the session does.
if (window.location.pathname === '/api-docs') {
  loadList().catch(() => {});
}

/** The list of the catalog with APIs alone, at the address of the stock page. */
const apisPage = apiDocsPlugin.getExtension('page:api-docs').override({
  *factory(originalFactory, { node }) {
    yield* originalFactory();
    yield coreExtensionData.reactElement(
      <PageLayout title="APIs" icon={<RiPuzzle2Line />}>
        {ExtensionBoundary.lazy(node, () =>
          loadList().then(m => <m.CatalogList kind="api" isKindFixed />),
        )}
      </PageLayout>,
    );
  },
});

/** What Portico changes in the stock pages of APIs. */
export const apiDocsModule = createFrontendModule({
  pluginId: 'api-docs',
  extensions: [apisPage, definitionCard, definitionWidgets],
});
