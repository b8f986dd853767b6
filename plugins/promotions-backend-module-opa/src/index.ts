export { promotionsModuleOpa as default } from './module';
