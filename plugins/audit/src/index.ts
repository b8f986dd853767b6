export { auditPlugin as default } from './plugin';
export { auditApiRef, type AuditApi } from './api/AuditApi';
