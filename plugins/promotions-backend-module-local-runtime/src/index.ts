export { promotionsModuleLocalRuntime as default } from './module';
