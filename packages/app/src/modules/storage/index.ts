export { storageModule } from './storageModule';
