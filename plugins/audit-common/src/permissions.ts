import { createPermission } from '@backstage/plugin-permission-common';

/** Read and export the audit of the own tenant; auditors of the platform read all. */
export const auditEntryReadPermission = createPermission({
  name: 'audit.entry.read',
  attributes: { action: 'read' },
});

/** Erase a former member's personal data from the audit of the own tenant. */
export const auditPersonErasePermission = createPermission({
  name: 'audit.person.erase',
  attributes: { action: 'delete' },
});

export const auditPermissions = [
  auditEntryReadPermission,
  auditPersonErasePermission,
];
