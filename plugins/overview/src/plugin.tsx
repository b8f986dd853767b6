import {
  createFrontendPlugin,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { EntityContentLayoutBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { externalRoutes, graphRouteRef } from './routes';

const entityLayout = EntityContentLayoutBlueprint.make({
  params: {
    loader: () => import('./page/EntityOverview').then(m => m.EntityOverview),
  },
});

const graphPage = PageBlueprint.make({
  name: 'graph',
  params: {
    // Where the stock page is, so that links from elsewhere still lead to a graph.
    path: '/catalog-graph',
    routeRef: graphRouteRef,
    noHeader: true,
    loader: () => import('./components/GraphPage').then(m => <m.GraphPage />),
  },
});

/** The page of an entity, and the graph of its dependencies. */
export const overviewPlugin = createFrontendPlugin({
  pluginId: 'overview',
  title: 'Overview',
  info: { packageJson: () => import('../package.json') },
  extensions: [entityLayout, graphPage],
  routes: { graph: graphRouteRef },
  externalRoutes,
});
