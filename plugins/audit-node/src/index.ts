export * from './AuditContext';
export * from './appendAudit';
export * from './defineAuditAct';
export * from './payloadDigest';
