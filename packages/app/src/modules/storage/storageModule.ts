import {
  ApiBlueprint,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import { signalApiRef } from '@backstage/plugin-signals-react';

/**
 * The settings of a person are kept by the backend, so that the next persona of a
 * browser does not find them. Their stock client asks for signals, which Portico does
 * not have: they would push to everybody, whatever the tenant. Nothing is ever signalled.
 */
const signals = ApiBlueprint.make({
  name: 'signals',
  params: defineParams =>
    defineParams({
      api: signalApiRef,
      deps: {},
      factory: () => ({
        subscribe: () => ({ unsubscribe: () => undefined }),
      }),
    }),
});

/** Lets the settings of a person be kept by the backend without signals. */
export const storageModule = createFrontendModule({
  pluginId: 'app',
  extensions: [signals],
});
