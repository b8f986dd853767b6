export { operationPlugin as default } from './plugin';
