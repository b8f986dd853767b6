export { auditMigrations } from './migrations';
