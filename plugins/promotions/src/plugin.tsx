import {
  ApiBlueprint,
  createFrontendPlugin,
  fetchApiRef,
  PageBlueprint,
  SubPageBlueprint,
} from '@backstage/frontend-plugin-api';
import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { HomePartBlueprint, InboxPartBlueprint } from '@portico/plugin-home';
import { RiRocket2Line } from '@remixicon/react';
import { promotionsApiRef } from './api/PromotionsApi';
import { PromotionsClient } from './api/PromotionsClient';
import {
  boardRouteRef,
  calendarRouteRef,
  DELIVERY_PATH,
  driftRouteRef,
  externalRoutes,
  figuresRouteRef,
  promotionRouteRef,
  promotionsRouteRef,
  rootRouteRef,
} from './routes';

const promotionsApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: promotionsApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new PromotionsClient({ fetchApi }),
    }),
});

const deliveryPage = PageBlueprint.make({
  params: {
    path: '/delivery',
    title: 'Delivery',
    icon: <RiRocket2Line />,
    routeRef: rootRouteRef,
  },
});

const boardSubPage = SubPageBlueprint.make({
  name: 'board',
  params: {
    path: 'board',
    title: 'Board',
    routeRef: boardRouteRef,
    loader: () => import('./board/BoardPage').then(m => <m.BoardPage />),
  },
});

const promotionsSubPage = SubPageBlueprint.make({
  name: 'promotions',
  params: {
    path: 'promotions',
    title: 'Promotions',
    routeRef: promotionsRouteRef,
    loader: () =>
      import('./list/PromotionsPage').then(m => <m.PromotionsPage />),
  },
});

const calendarSubPage = SubPageBlueprint.make({
  name: 'calendar',
  params: {
    path: 'calendar',
    title: 'Calendar',
    routeRef: calendarRouteRef,
    loader: () =>
      import('./calendar/CalendarPage').then(m => <m.CalendarPage />),
  },
});

const figuresSubPage = SubPageBlueprint.make({
  name: 'figures',
  params: {
    path: 'figures',
    title: 'Figures',
    routeRef: figuresRouteRef,
    loader: () => import('./figures/FiguresPage').then(m => <m.FiguresPage />),
  },
});

const driftSubPage = SubPageBlueprint.make({
  name: 'drift',
  params: {
    path: 'drift',
    title: 'Drift',
    routeRef: driftRouteRef,
    loader: () => import('./drift/DriftPage').then(m => <m.DriftPage />),
  },
});

const promotionPage = PageBlueprint.make({
  name: 'promotion',
  params: {
    path: '/delivery/promotions/:id',
    title: 'Delivery',
    icon: <RiRocket2Line />,
    routeRef: promotionRouteRef,
    loader: () =>
      import('./promotion/PromotionPage').then(m => <m.PromotionPage />),
  },
});

const deliveryContent = EntityContentBlueprint.make({
  name: 'delivery',
  params: {
    path: DELIVERY_PATH,
    title: 'Delivery',
    group: 'deployment',
    filter: { kind: 'component' },
    loader: () => import('./lanes/DeliveryTab').then(m => <m.DeliveryTab />),
  },
});

const inboxPart = InboxPartBlueprint.make({
  name: 'promotions',
  params: {
    loader: () => import('./inbox/PromotionsPart').then(m => m.PromotionsPart),
  },
});

const deploymentsPart = HomePartBlueprint.make({
  name: 'deployments',
  params: {
    loader: () => import('./home/DeploymentsPart').then(m => m.DeploymentsPart),
  },
});

/** Where releases are, what waits for whom, and bringing them on. */
export const promotionsPlugin = createFrontendPlugin({
  pluginId: 'promotions',
  title: 'Delivery',
  icon: <RiRocket2Line />,
  info: { packageJson: () => import('../package.json') },
  extensions: [
    promotionsApi,
    deliveryPage,
    boardSubPage,
    promotionsSubPage,
    calendarSubPage,
    figuresSubPage,
    driftSubPage,
    promotionPage,
    deliveryContent,
    inboxPart,
    deploymentsPart,
  ],
  routes: {
    root: rootRouteRef,
    board: boardRouteRef,
    promotions: promotionsRouteRef,
    promotion: promotionRouteRef,
    calendar: calendarRouteRef,
    figures: figuresRouteRef,
    drift: driftRouteRef,
  },
  externalRoutes,
});
