export {
  type OperationCheck,
  type OperationChecks,
  operationChecksServiceRef,
  type OperationFinding,
} from './OperationChecks';
