export { promotionsModuleNats as default } from './module';
