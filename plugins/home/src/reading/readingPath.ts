import { type Role } from '@portico/plugin-tenancy-common';

/** Pages of the portal that a step may lead to. */
export type StepPage =
  | 'auditEntries'
  | 'auditEvidence'
  | 'catalog'
  | 'create'
  | 'members'
  | 'sources'
  | 'tenants'
  | 'tokens';

/** Pages of Portico's own documentation, without their ending. */
export type StepDocument =
  | 'audit'
  | 'audit-verify'
  | 'git-host'
  | 'golden-paths'
  | 'index'
  | 'isolation'
  | 'operations'
  | 'sign-in'
  | 'tenancy';

/** One thing to do or to read on a first day. */
export type ReadingStep =
  | { page: StepPage; document?: undefined }
  | { document: StepDocument; page?: undefined };

const page = (name: StepPage): ReadingStep => ({ page: name });
const read = (name: StepDocument): ReadingStep => ({ document: name });

/**
 * What to do and read first, in order.
 *
 * @param roles - the roles of the person; the one that can do most decides
 */
export function readingPath(roles: readonly Role[]): ReadingStep[] {
  if (roles.includes('platform-admin')) {
    return [
      page('tenants'),
      page('members'),
      read('operations'),
      read('isolation'),
    ];
  }
  if (roles.includes('auditor')) {
    return [
      page('auditEvidence'),
      read('audit'),
      read('audit-verify'),
      page('auditEntries'),
    ];
  }
  if (roles.includes('tenant-admin')) {
    return [
      page('members'),
      page('sources'),
      read('tenancy'),
      read('sign-in'),
      page('create'),
    ];
  }
  if (roles.includes('developer')) {
    return [
      page('create'),
      read('golden-paths'),
      read('git-host'),
      page('catalog'),
    ];
  }
  if (roles.includes('approver')) {
    return [page('catalog'), read('golden-paths'), read('audit')];
  }
  return [page('catalog'), read('index'), read('golden-paths')];
}

/** The name of a step, for its texts and for noting that it is done. */
export function stepId(
  step: ReadingStep,
): `page-${StepPage}` | `read-${StepDocument}` {
  return step.page ? `page-${step.page}` : `read-${step.document}`;
}
