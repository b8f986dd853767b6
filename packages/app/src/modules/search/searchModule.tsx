import {
  coreExtensionData,
  createFrontendModule,
  ExtensionBoundary,
  PageLayout,
} from '@backstage/frontend-plugin-api';
import searchPlugin from '@backstage/plugin-search/alpha';
import { RiSearchLine } from '@remixicon/react';

/** Keeps the stock page's address and inputs, and shows Portico's page there. */
const searchPage = searchPlugin.getExtension('page:search').override({
  *factory(originalFactory, { node }) {
    yield* originalFactory();
    yield coreExtensionData.reactElement(
      <PageLayout title="Search" icon={<RiSearchLine />}>
        {ExtensionBoundary.lazy(node, () =>
          import('./SearchPage').then(m => <m.SearchPage />),
        )}
      </PageLayout>,
    );
  },
});

/** The results of the stock page are list items outside of a list; these are not. */
export const searchModule = createFrontendModule({
  pluginId: 'search',
  extensions: [searchPage],
});
