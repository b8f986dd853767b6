export { shellModule } from './shellModule';
