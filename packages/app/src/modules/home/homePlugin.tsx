import {
  createFrontendPlugin,
  createRouteRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { RiHome5Line } from '@remixicon/react';

const rootRouteRef = createRouteRef();

const homePage = PageBlueprint.make({
  params: {
    path: '/',
    title: 'Home',
    icon: <RiHome5Line />,
    routeRef: rootRouteRef,
    noHeader: true,
    loader: () => import('./HomePage').then(m => <m.HomePage />),
  },
});

/** The page that a day begins with. */
export const homePlugin = createFrontendPlugin({
  // The stock home page has the id `home`, and widgets of plugins look for it.
  pluginId: 'portico-home',
  title: 'Home',
  extensions: [homePage],
  routes: { root: rootRouteRef },
});
