export { gitHostAuditActs } from './audit/auditActs';
export { gitHostFeatures as default } from './plugin';
export { gitHostServiceFactory } from './gitHostServiceFactory';
