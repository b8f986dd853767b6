import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { promotionsGatesExtensionPoint } from '@portico/plugin-promotions-node';
import { metricGate } from './metricGate';
import { readMetricQueries } from './readMetricQueries';

/** Gates of kind `metric`, whose figures come from Prometheus. */
export const promotionsModulePrometheus = createBackendModule({
  pluginId: 'promotions',
  moduleId: 'prometheus',
  register(registration) {
    registration.registerInit({
      deps: {
        config: coreServices.rootConfig,
        gates: promotionsGatesExtensionPoint,
      },
      async init({ config, gates }) {
        gates.addGate(metricGate(readMetricQueries(config)));
      },
    });
  },
});
