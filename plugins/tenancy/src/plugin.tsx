import {
  ApiBlueprint,
  createFrontendPlugin,
  fetchApiRef,
  PageBlueprint,
  SubPageBlueprint,
} from '@backstage/frontend-plugin-api';
import { RiShieldUserLine } from '@remixicon/react';
import { tenancyApiRef } from './api/TenancyApi';
import { TenancyClient } from './api/TenancyClient';
import {
  deviceRouteRef,
  directoryRouteRef,
  membersRouteRef,
  ownSessionsRouteRef,
  rootRouteRef,
  sessionsRouteRef,
  sourcesRouteRef,
  tenantsRouteRef,
  tokensRouteRef,
} from './routes';

const tenancyApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: tenancyApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new TenancyClient({ fetchApi }),
    }),
});

const tenancyPage = PageBlueprint.make({
  params: {
    path: '/tenancy',
    title: 'Administration',
    icon: <RiShieldUserLine />,
    routeRef: rootRouteRef,
  },
});

const tenancySourcesSubPage = SubPageBlueprint.make({
  name: 'sources',
  params: {
    path: 'sources',
    title: 'Sources',
    routeRef: sourcesRouteRef,
    loader: () =>
      import('./components/SourcesPage').then(m => <m.SourcesPage />),
  },
});

const tenancyMembersSubPage = SubPageBlueprint.make({
  name: 'members',
  params: {
    path: 'members',
    title: 'Members',
    routeRef: membersRouteRef,
    loader: () =>
      import('./components/MembersPage').then(m => <m.MembersPage />),
  },
});

const tenancyDirectorySubPage = SubPageBlueprint.make({
  name: 'directory',
  params: {
    path: 'directory',
    title: 'Directory',
    routeRef: directoryRouteRef,
    loader: () =>
      import('./components/DirectoryPage').then(m => <m.DirectoryPage />),
  },
});

const tenancySessionsSubPage = SubPageBlueprint.make({
  name: 'sessions',
  params: {
    path: 'sessions',
    title: 'Sessions',
    routeRef: sessionsRouteRef,
    loader: () =>
      import('./components/SessionsPage').then(m => <m.SessionsPage />),
  },
});

const ownSessionsSubPage = SubPageBlueprint.make({
  name: 'own-sessions',
  attachTo: { id: 'page:user-settings', input: 'pages' },
  params: {
    path: 'sessions',
    title: 'Sessions',
    routeRef: ownSessionsRouteRef,
    loader: () =>
      import('./components/OwnSessionsPage').then(m => <m.OwnSessionsPage />),
  },
});

const tenancyTokensSubPage = SubPageBlueprint.make({
  name: 'tokens',
  params: {
    path: 'tokens',
    title: 'Tokens',
    routeRef: tokensRouteRef,
    loader: () => import('./components/TokensPage').then(m => <m.TokensPage />),
  },
});

const tenancyTenantsSubPage = SubPageBlueprint.make({
  name: 'tenants',
  params: {
    path: 'tenants',
    title: 'Tenants',
    routeRef: tenantsRouteRef,
    loader: () =>
      import('./components/TenantsPage').then(m => <m.TenantsPage />),
  },
});

const tenancyDevicePage = PageBlueprint.make({
  name: 'device',
  params: {
    path: '/device',
    title: 'Sign in a device',
    routeRef: deviceRouteRef,
    loader: () => import('./components/DevicePage').then(m => <m.DevicePage />),
  },
});

/** Tenants, their sources, people and machines, and the approval of devices. */
export const tenancyPlugin = createFrontendPlugin({
  pluginId: 'tenancy',
  title: 'Administration',
  info: { packageJson: () => import('../package.json') },
  extensions: [
    tenancyApi,
    tenancyPage,
    tenancySourcesSubPage,
    tenancyMembersSubPage,
    tenancyDirectorySubPage,
    tenancySessionsSubPage,
    ownSessionsSubPage,
    tenancyTokensSubPage,
    tenancyTenantsSubPage,
    tenancyDevicePage,
  ],
  routes: {
    root: rootRouteRef,
    sources: sourcesRouteRef,
    members: membersRouteRef,
    directory: directoryRouteRef,
    sessions: sessionsRouteRef,
    ownSessions: ownSessionsRouteRef,
    tokens: tokensRouteRef,
    tenants: tenantsRouteRef,
    device: deviceRouteRef,
  },
});
