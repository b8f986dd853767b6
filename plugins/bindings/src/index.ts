export { bindingsPlugin as default } from './plugin';
