import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { type Telemetry } from './startTelemetry';

const telemetryServiceRef = createServiceRef<Telemetry>({
  id: 'portico.telemetry',
  scope: 'root',
});

/** Has the backend send what waits to be sent before its process ends. */
export function endTelemetry(telemetry: Telemetry) {
  return createServiceFactory({
    service: telemetryServiceRef,
    initialization: 'always',
    deps: { lifecycle: coreServices.rootLifecycle },
    factory({ lifecycle }) {
      lifecycle.addShutdownHook(() => telemetry.stop());
      return telemetry;
    },
  });
}
