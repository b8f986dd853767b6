import {
  ApiBlueprint,
  configApiRef,
  createFrontendPlugin,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { localRuntimeApiRef } from './api/LocalRuntimeApi';
import { LocalRuntimeClient } from './api/LocalRuntimeClient';

const localRuntimeApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: localRuntimeApiRef,
      deps: { configApi: configApiRef, fetchApi: fetchApiRef },
      factory: deps => new LocalRuntimeClient(deps),
    }),
});

/** What the local runtime builds and runs, on the pages of the entities. */
export const localRuntimePlugin = createFrontendPlugin({
  pluginId: 'local-runtime',
  title: 'Local runtime',
  info: { packageJson: () => import('../package.json') },
  extensions: [localRuntimeApi],
});
