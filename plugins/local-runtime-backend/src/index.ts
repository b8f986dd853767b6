export { localRuntimeAuditActs } from './auditActs';
export { localRuntimePlugin as default } from './plugin';
