export { promotionsModuleArgoCd as default } from './module';
