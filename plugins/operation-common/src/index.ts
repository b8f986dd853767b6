export {
  type OperationCheckResult,
  operationCheckSchema,
  type OperationCheckStatus,
  type OperationReport,
  operationReportSchema,
} from './api';
export {
  operationCheckReadPermission,
  operationPermissions,
} from './permissions';
