import { ConflictError, InputError } from '@backstage/errors';
import {
  PLATFORM_TENANT,
  platformRoles,
  type Role,
} from '@portico/plugin-tenancy-common';
import { type Knex } from 'knex';

/** The roles of `member`, own ones and those of the groups, as an SQL array. */
export const EFFECTIVE_ROLES = `array(
  select unnest(member.roles)
  union
  select unnest(role_group.roles)
    from portico_tenancy.group_memberships role_membership
    join portico_tenancy.groups role_group
      on role_group.tenant = role_membership.tenant
     and role_group.name = role_membership.group_name
   where role_membership.tenant = member.tenant
     and role_membership.member = member.name
  order by 1)`;

/** @throws InputError for a role of the platform in another tenant */
export function refuseForeignRoles(tenant: string, roles: Role[]): void {
  const foreign = roles.filter(role =>
    platformRoles.some(platformRole => platformRole === role),
  );
  if (tenant !== PLATFORM_TENANT && foreign.length > 0) {
    throw new InputError(
      `Only people of the platform can be ${foreign.join(
        ' or ',
      )}; ${tenant} has the roles viewer, developer, approver and tenant-admin`,
    );
  }
}

/** Tells whether somebody can administer a tenant: ask before a change of its people. */
export async function isAdministered(
  transaction: Knex.Transaction,
  tenant: string,
): Promise<boolean> {
  const { rows } = await transaction.raw(
    `select 1 from portico_tenancy.members member
      where tenant = ? and kind = 'person' and disabled_at is null
        and ? = any(${EFFECTIVE_ROLES})
      limit 1`,
    [tenant, administratorOf(tenant)],
  );
  return rows.length > 0;
}

/**
 * Refuses a change that took away the last who can administer a tenant.
 *
 * @param before - `isAdministered` before the change
 * @param who - whom the change is about, for the refusal: `"kim"`, `the group "leads"`
 */
export async function keepAdministered(
  transaction: Knex.Transaction,
  options: { tenant: string; before: boolean; who: string },
): Promise<void> {
  const { tenant, before, who } = options;
  if (before && !(await isAdministered(transaction, tenant))) {
    throw new ConflictError(
      `${who} is the last ${administratorOf(
        tenant,
      )} of ${tenant}; give somebody else this role first`,
    );
  }
}

function administratorOf(tenant: string): Role {
  return tenant === PLATFORM_TENANT ? 'platform-admin' : 'tenant-admin';
}
