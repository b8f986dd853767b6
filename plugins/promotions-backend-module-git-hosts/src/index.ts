export { promotionsModuleGitHosts as default } from './module';
