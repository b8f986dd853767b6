import {
  ApiBlueprint,
  createFrontendPlugin,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { apiTryOutApiRef } from './api/ApiTryOutApi';
import { ApiTryOutClient } from './api/ApiTryOutClient';

const apiTryOutApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: apiTryOutApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new ApiTryOutClient({ fetchApi }),
    }),
});

/** Readable definitions of APIs, and requests to try them. */
export const apiTryOutPlugin = createFrontendPlugin({
  pluginId: 'api-try-out',
  title: 'API docs',
  info: { packageJson: () => import('../package.json') },
  extensions: [apiTryOutApi],
});
