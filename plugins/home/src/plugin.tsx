import {
  AppRootElementBlueprint,
  createExtensionInput,
  createFrontendPlugin,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { RiHome5Line } from '@remixicon/react';
import { inboxPartDataRef } from './inbox/InboxPart';
import { InboxPartBlueprint } from './inbox/InboxPartBlueprint';
import { homePartDataRef } from './part/HomePart';
import { externalRoutes, rootRouteRef } from './routes';
import { VisitListener } from './visits/VisitListener';

const homePage = PageBlueprint.makeWithOverrides({
  inputs: {
    inbox: createExtensionInput([inboxPartDataRef]),
    parts: createExtensionInput([homePartDataRef]),
  },
  factory: (originalFactory, { inputs }) =>
    originalFactory({
      path: '/',
      title: 'Home',
      icon: <RiHome5Line />,
      routeRef: rootRouteRef,
      noHeader: true,
      loader: async () => {
        const { HomePage } = await import('./components/HomePage');
        const inbox = inputs.inbox.map(part => part.get(inboxPartDataRef));
        const parts = inputs.parts.map(part => ({
          id: part.node.spec.id,
          Part: part.get(homePartDataRef),
        }));
        return <HomePage inbox={inbox} parts={parts} />;
      },
    }),
});

const visitListener = AppRootElementBlueprint.make({
  name: 'visits',
  params: { element: <VisitListener /> },
});

const refusalsPart = InboxPartBlueprint.make({
  name: 'refusals',
  params: {
    loader: () => import('./components/inbox/parts').then(m => m.RefusalsPart),
  },
});

const notificationsPart = InboxPartBlueprint.make({
  name: 'notifications',
  params: {
    loader: () =>
      import('./components/inbox/parts').then(m => m.NotificationsPart),
  },
});

const tokensPart = InboxPartBlueprint.make({
  name: 'tokens',
  params: {
    loader: () => import('./components/inbox/parts').then(m => m.TokensPart),
  },
});

/** The page that a day begins with. */
export const homePlugin = createFrontendPlugin({
  // The stock home page has the id `home`, and widgets of plugins look for it.
  pluginId: 'portico-home',
  title: 'Home',
  icon: <RiHome5Line />,
  info: { packageJson: () => import('../package.json') },
  extensions: [
    homePage,
    visitListener,
    refusalsPart,
    notificationsPart,
    tokensPart,
  ],
  routes: { root: rootRouteRef },
  externalRoutes,
});
