/** The kinds of callers, in the order of the report. */
export const principalKinds = [
  'anonymous',
  'forged service',
  'ended session',
  'disabled',
  'viewer',
  'developer',
  'approver',
  'tenant-admin',
  'machine',
  'platform-admin',
  'auditor',
] as const;

export type PrincipalKind = (typeof principalKinds)[number];

/** Somebody who sends requests. */
export interface Principal {
  kind: PrincipalKind;
  /** Whose tenant the caller belongs to; the platform's people are in `default`. */
  tenant: string;
  /** What the caller sends with each request. */
  headers: Record<string, string>;
}

/** Those whom nothing but public routes may answer. */
export const refusedKinds: ReadonlySet<PrincipalKind> = new Set<PrincipalKind>([
  'anonymous',
  'forged service',
  'ended session',
  'disabled',
]);

/** Those who belong to the platform, and to no tenant. */
export const platformKinds: ReadonlySet<PrincipalKind> = new Set<PrincipalKind>(
  ['platform-admin', 'auditor'],
);

/** A caller with a portal token. */
export function bearer(
  kind: PrincipalKind,
  tenant: string,
  token: string,
): Principal {
  return { kind, tenant, headers: { authorization: `Bearer ${token}` } };
}
