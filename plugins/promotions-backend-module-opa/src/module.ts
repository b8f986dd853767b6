import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  promotionsGatesExtensionPoint,
  readGateServers,
} from '@portico/plugin-promotions-node';
import { OpaServer } from './OpaServer';
import { policyGate } from './policyGate';
import { WasmPolicy } from './WasmPolicy';

const PLACE = 'promotions.opa';
/** A gate is given up after twenty seconds. */
const MOST_SECONDS = 15;

function readTimeout(bundle: Config): number | undefined {
  const seconds = bundle.getOptionalNumber('timeoutSeconds');
  if (seconds !== undefined && !(seconds > 0 && seconds <= MOST_SECONDS)) {
    throw new InputError(
      `${PLACE}.bundles: timeoutSeconds of "${bundle.getString(
        'name',
      )}" is ${seconds}; expected more than 0 and at most ${MOST_SECONDS}`,
    );
  }
  return seconds === undefined ? undefined : seconds * 1_000;
}

/** Gates of kind `policy`, decided by the Open Policy Agent. */
export const promotionsModuleOpa = createBackendModule({
  pluginId: 'promotions',
  moduleId: 'opa',
  register(registration) {
    registration.registerInit({
      deps: {
        config: coreServices.rootConfig,
        gates: promotionsGatesExtensionPoint,
        lifecycle: coreServices.lifecycle,
      },
      async init({ config, gates, lifecycle }) {
        const servers = readGateServers(
          config.getOptionalConfigArray(`${PLACE}.servers`) ?? [],
          `${PLACE}.servers`,
        );
        const bundles = await Promise.all(
          (config.getOptionalConfigArray(`${PLACE}.bundles`) ?? []).map(
            async bundle => {
              const name = bundle.getString('name');
              const file = bundle.getString('file');
              const policy = await WasmPolicy.load({
                name,
                file,
                timeoutMilliseconds: readTimeout(bundle),
              });
              lifecycle.addShutdownHook(() => policy.stop());
              return [name, policy] as const;
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
