import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  promotionsGatesExtensionPoint,
  readGateServers,
} from '@portico/plugin-promotions-node';
import { OpaServer } from './OpaServer';
import { policyGate } from './policyGate';
import { WasmPolicy } from './WasmPolicy';

const PLACE = 'promotions.opa';

/** Gates of kind `policy`, decided by the Open Policy Agent. */
export const promotionsModuleOpa = createBackendModule({
  pluginId: 'promotions',
  moduleId: 'opa',
  register(registration) {
    registration.registerInit({
      deps: {
        config: coreServices.rootConfig,
        gates: promotionsGatesExtensionPoint,
      },
      async init({ config, gates }) {
        const servers = readGateServers(
          config.getOptionalConfigArray(`${PLACE}.servers`) ?? [],
          `${PLACE}.servers`,
        );
        const bundles = await Promise.all(
          (config.getOptionalConfigArray(`${PLACE}.bundles`) ?? []).map(
            async bundle => {
              const name = bundle.getString('name');
              const file = bundle.getString('file');
              return [name, await WasmPolicy.load({ name, file })] as const;
            },
          ),
        );
        gates.addGate(
          policyGate({
            servers: new Map(
              [...servers].map(([name, server]) => [
                name,
                new OpaServer(server),
              ]),
            ),
            bundles: new Map(bundles),
          }),
        );
      },
    });
  },
});
