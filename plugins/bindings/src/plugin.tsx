import {
  ApiBlueprint,
  createFrontendPlugin,
  fetchApiRef,
  SubPageBlueprint,
} from '@backstage/frontend-plugin-api';
import { bindingsApiRef } from './api/BindingsApi';
import { BindingsClient } from './api/BindingsClient';
import { rootRouteRef } from './routes';

const bindingsApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: bindingsApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new BindingsClient({ fetchApi }),
    }),
});

const bindingsSubPage = SubPageBlueprint.make({
  // A tab of the administration, beside those of the tenancy
  attachTo: { id: 'page:tenancy', input: 'pages' },
  params: {
    path: 'bindings',
    title: 'Bindings',
    routeRef: rootRouteRef,
    loader: () =>
      import('./components/BindingsPage').then(m => <m.BindingsPage />),
  },
});

/** What tenants may use of external systems. */
export const bindingsPlugin = createFrontendPlugin({
  pluginId: 'bindings',
  title: 'Bindings',
  info: { packageJson: () => import('../package.json') },
  extensions: [bindingsApi, bindingsSubPage],
  routes: { root: rootRouteRef },
});
