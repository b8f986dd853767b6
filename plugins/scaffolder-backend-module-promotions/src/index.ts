export { scaffolderModulePromotions as default } from './module';
