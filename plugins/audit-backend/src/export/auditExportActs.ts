import { defineAuditAct } from '@portico/plugin-audit-node';

/** The act that an export is recorded as. */
export const auditExportActs = {
  createExport: defineAuditAct({
    name: 'audit.export.create',
    severity: 'medium',
    when: 'Somebody began to export entries of the audit; written before the first byte.',
    fields: ['format', 'filter'],
  }),
} as const;
