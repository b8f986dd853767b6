export { scaffolderModuleGitHost as default } from './module';
