export { apiTryOutAuditActs } from './auditActs';
export { apiTryOutPlugin as default } from './plugin';
