export { localRuntimeAuditActs } from './auditActs';
export { localRuntimePlugin as default } from './plugin';
export {
  type LocalRuntimeConfig,
  readLocalRuntimeConfig,
} from './readLocalRuntimeConfig';
export {
  type EnvironmentAddress,
  RuntimeClient,
} from './runtime/RuntimeClient';
