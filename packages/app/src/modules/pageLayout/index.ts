export { pageLayoutModule } from './pageLayoutModule';
