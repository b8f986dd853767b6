import {
  createFrontendModule,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import searchPlugin from '@backstage/plugin-search/alpha';
import { RiSearchLine } from '@remixicon/react';

/** Takes the place of the stock page, whose results are list items without a list. */
const searchPage = PageBlueprint.make({
  params: {
    path: '/search',
    title: 'Search',
    icon: <RiSearchLine />,
    routeRef: searchPlugin.routes.root,
    loader: () => import('./SearchPage').then(m => <m.SearchPage />),
  },
});

/** Portico's search page on the stock search API. */
export const searchModule = createFrontendModule({
  pluginId: 'search',
  extensions: [searchPage],
});
