import { z } from 'zod';

/** Built-in roles within a tenant, weakest first. */
export const tenantRoles = [
  'viewer',
  'developer',
  'approver',
  'tenant-admin',
] as const;

/** Built-in roles of the platform; only people of `default` hold them. */
export const platformRoles = ['platform-admin', 'auditor'] as const;

export const roleSchema = z.enum([...tenantRoles, ...platformRoles]);

/** A built-in role. */
export type Role = z.infer<typeof roleSchema>;
