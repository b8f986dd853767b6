export { kubernetesAuditActs } from './auditActs';
export { kubernetesLogReadPermission } from './permissions';
export { kubernetesModuleTenancy as default } from './module';
