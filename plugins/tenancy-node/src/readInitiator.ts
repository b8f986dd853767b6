import {
  type BackstageCredentials,
  type PermissionsService,
} from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  type BasicPermission,
} from '@backstage/plugin-permission-common';
import {
  type AuditContext,
  pluginAuditContext,
} from '@portico/plugin-audit-node';
import { refusePermission } from './refusePermission';
import { type TenancyService, type TenantPrincipal } from './TenancyService';

/** Who started a task of the scaffolder, as the tables say now. */
export interface Initiator {
  credentials: BackstageCredentials;
  principal: TenantPrincipal;
  /** The task on their behalf, for the audit. */
  by: AuditContext;
}

/**
 * The user who started the task; their tenant is the tenant of all that it does.
 *
 * @throws AuthenticationError when their session is over or they were disabled
 */
export async function readInitiator(
  ctx: {
    getInitiatorCredentials(): Promise<BackstageCredentials>;
    task: { id: string };
  },
  tenancy: Pick<TenancyService, 'principal'>,
): Promise<Initiator> {
  const credentials = await ctx.getInitiatorCredentials();
  const principal = await tenancy.principal(credentials);
  return {
    credentials,
    principal,
    by: pluginAuditContext('scaffolder', {
      onBehalfOf: principal.userRef,
      correlation: ctx.task.id,
    }),
  };
}

/** @throws NotAllowedError when the initiator has no such permission */
export async function assertPermission(
  initiator: Initiator,
  permission: BasicPermission,
  permissions: Pick<PermissionsService, 'authorize'>,
): Promise<void> {
  const [decision] = await permissions.authorize([{ permission }], {
    credentials: initiator.credentials,
  });
  if (decision.result !== AuthorizeResult.ALLOW) {
    throw refusePermission(
      permission.name,
      `${initiator.principal.userRef} has no permission ${permission.name}; ask an administrator of '${initiator.principal.tenant}' for the role developer`,
    );
  }
}
