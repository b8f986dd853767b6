import { type Role } from '@portico/plugin-tenancy-common';

/** Where a step leads. */
export type StepTarget =
  | 'create'
  | 'catalog'
  | 'docs'
  | 'members'
  | 'sources'
  | 'tenants'
  | 'tokens';

/** One thing to do next: the name of its message and where it leads. */
export interface NextStep {
  message:
    | 'stepCreateService'
    | 'stepRead'
    | 'stepBrowse'
    | 'stepPeople'
    | 'stepSource'
    | 'stepTenant'
    | 'stepMembers'
    | 'stepToken';
  target: StepTarget;
}

/**
 * Three steps for somebody whose tenant, or whose portal, is still empty.
 *
 * @param roles - the roles of the person; the one that can do most decides
 */
export function nextSteps(roles: readonly Role[]): NextStep[] {
  if (roles.includes('platform-admin')) {
    return [
      { message: 'stepTenant', target: 'tenants' },
      { message: 'stepMembers', target: 'members' },
      { message: 'stepRead', target: 'docs' },
    ];
  }
  if (roles.includes('tenant-admin')) {
    return [
      { message: 'stepPeople', target: 'members' },
      { message: 'stepSource', target: 'sources' },
      { message: 'stepCreateService', target: 'create' },
    ];
  }
  if (roles.includes('developer') || roles.includes('approver')) {
    return [
      { message: 'stepCreateService', target: 'create' },
      { message: 'stepBrowse', target: 'catalog' },
      { message: 'stepRead', target: 'docs' },
    ];
  }
  return [
    { message: 'stepBrowse', target: 'catalog' },
    { message: 'stepRead', target: 'docs' },
  ];
}
