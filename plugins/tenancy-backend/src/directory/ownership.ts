import { ConflictError } from '@backstage/errors';
import { type PutMember } from '@portico/plugin-tenancy-common';
import { type Knex } from 'knex';
import { type MemberRow } from '../service/memberRows';

const NAMES = { scim: 'SCIM', keycloak: 'Keycloak' } as const;

/**
 * Keeps by-hand changes away from what the directory owns of a person: name, e-mail
 * address, identity. Roles, groups kept by hand and a lock stay by hand.
 *
 * @throws ConflictError that names the field
 */
export function keepDirectoryMember(
  before: MemberRow,
  wish: Pick<PutMember, 'displayName' | 'email' | 'identity' | 'disabled'>,
): void {
  const changed = [
    wish.displayName !== before.display_name && 'the name',
    (wish.email ?? null) !== before.email && 'the e-mail address',
    wish.identity !== undefined &&
      (wish.identity.issuer !== before.issuer ||
        wish.identity.subject !== before.subject) &&
      'the identity',
  ].filter(field => field !== false);
  const from = before.source ? NAMES[before.source] : 'the directory';
  if (changed.length > 0) {
    throw new ConflictError(
      `"${before.name}" comes from the directory of ${
        before.tenant
      } (${from}), which owns ${changed.join(' and ')}: change it there`,
    );
  }
  if (!wish.disabled && before.directory_active === false) {
    throw new ConflictError(
      `"${before.name}" is disabled in the directory of ${before.tenant} (${from}): enable the account there`,
    );
  }
}

/** @throws ConflictError when a membership in a group of the directory would change */
export async function refuseDirectoryMemberships(
  transaction: Knex.Transaction,
  options: { tenant: string; before: string[]; after: string[] },
): Promise<void> {
  const { tenant, before, after } = options;
  const changed = [
    ...before.filter(group => !after.includes(group)),
    ...after.filter(group => !before.includes(group)),
  ];
  const { rows } = await transaction.raw(
    `select group_name from portico_tenancy.directory_groups
      where tenant = ? and group_name = any(cast(? as text[])) order by 1 limit 1`,
    [tenant, changed],
  );
  if (rows.length > 0) {
    throw new ConflictError(
      `Who is in the group "${rows[0].group_name}" is decided by the directory of ${tenant}: change it there`,
    );
  }
}

/** @throws ConflictError when the directory still has the person */
export async function refuseDirectoryRemoval(
  transaction: Knex.Transaction,
  member: { tenant: string; name: string },
): Promise<void> {
  const { rows } = await transaction.raw(
    `select 1 from portico_tenancy.directory_people
      where tenant = ? and member = ? and removed_at is null`,
    [member.tenant, member.name],
  );
  if (rows.length > 0) {
    throw new ConflictError(
      `"${member.name}" comes from the directory of ${member.tenant}: remove the account there, or disable the member here`,
    );
  }
}

/**
 * Keeps the name of a group of the directory; roles, type and a parent kept by hand stay
 * by hand.
 *
 * @throws ConflictError
 */
export async function refuseDirectoryGroup(
  transaction: Knex.Transaction,
  group: { tenant: string; name: string },
): Promise<void> {
  const { rows } = await transaction.raw(
    'select 1 from portico_tenancy.directory_groups where tenant = ? and group_name = ?',
    [group.tenant, group.name],
  );
  if (rows.length > 0) {
    throw new ConflictError(
      `The group "${group.name}" comes from the directory of ${group.tenant}: name and remove it there`,
    );
  }
}
