export { endTelemetry } from './endTelemetry';
export { type Figure, observeFigures } from './observeFigures';
export {
  readTelemetryConfig,
  type TelemetryConfig,
} from './readTelemetryConfig';
export { startTelemetry, type Telemetry } from './startTelemetry';
