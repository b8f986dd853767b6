import { DEPLOYMENTS_REPOSITORY } from '@portico/plugin-git-host-common';
import { type RepositoryAddress } from '@portico/plugin-git-host-node';
import {
  type MachineScope,
  PLATFORM_TENANT,
  type Role,
} from '@portico/plugin-tenancy-common';

/** Who asks the Git host: a person, or a machine with what its token allows. */
export interface GitHostCaller {
  userRef: string;
  tenant: string;
  kind: 'person' | 'machine';
  roles: readonly Role[];
  scopes: readonly MachineScope[];
}

/** `absent` looks like a repository that does not exist. */
export type AccessDecision =
  | { result: 'allowed' }
  | { result: 'absent' }
  | { result: 'forbidden'; reason: string };

const WRITER_ROLES: ReadonlySet<Role> = new Set<Role>([
  'developer',
  'approver',
  'tenant-admin',
]);

/**
 * Decides on one repository from the caller alone, the same for every door: own
 * tenant and the platform's may be read; only the own tenant's may be written,
 * never its deployments; the platform's only by its administrators.
 */
export function decideAccess(
  caller: GitHostCaller,
  action: 'read' | 'write',
  address: RepositoryAddress,
): AccessDecision {
  const own = address.tenant === caller.tenant;
  const platforms = address.tenant === PLATFORM_TENANT;
  if (!own && !platforms) {
    return { result: 'absent' };
  }
  if (caller.kind === 'machine') {
    const scope: MachineScope = action === 'read' ? 'git:read' : 'git:write';
    if (!caller.scopes.includes(scope)) {
      return {
        result: 'forbidden',
        reason: `This token has no scope ${scope}; create one that has`,
      };
    }
  }
  if (action === 'read') {
    return { result: 'allowed' };
  }
  if (platforms) {
    return own && caller.roles.includes('platform-admin')
      ? { result: 'allowed' }
      : {
          result: 'forbidden',
          reason: 'Only administrators of the platform write its repositories',
        };
  }
  if (address.repository === DEPLOYMENTS_REPOSITORY) {
    return {
      result: 'forbidden',
      reason:
        'Only Portico writes the deployment repository; change it by running a template',
    };
  }
  const mayWrite =
    caller.kind === 'machine' ||
    caller.roles.some(role => WRITER_ROLES.has(role));
  return mayWrite
    ? { result: 'allowed' }
    : {
        result: 'forbidden',
        reason: 'Pushing needs the role developer in this tenant',
      };
}
