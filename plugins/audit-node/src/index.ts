export * from './AuditContext';
export * from './RefusalTally';
export * from './appendAudit';
export * from './defineAuditAct';
export * from './payloadDigest';
