export { promotionsAuditActs } from './auditActs';
export { promotionsMigrations } from './migrations';
