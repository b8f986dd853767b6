export { promotionsModulePrometheus as default } from './module';
