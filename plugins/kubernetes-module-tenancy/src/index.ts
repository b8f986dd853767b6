export { kubernetesModuleTenancy as default } from './module';
