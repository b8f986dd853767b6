export { authModuleTenancy as default } from './module';
