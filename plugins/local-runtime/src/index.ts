export { localRuntimePlugin as default } from './plugin';
export {
  type EntityEnvironment,
  type LocalRuntimeApi,
  localRuntimeApiRef,
} from './api/LocalRuntimeApi';
