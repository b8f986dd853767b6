import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import {
  isTenantId,
  principalNameSchema,
} from '@portico/plugin-tenancy-common';

/** A member's address: tenant and name, as in `user:aurora/kim`. */
export interface MemberAddress {
  tenant: string;
  name: string;
}

/** The ref of a member. */
export function memberRef(member: MemberAddress): string {
  return `user:${member.tenant}/${member.name}`;
}

/** The ref of a group. */
export function groupRef(tenant: string, name: string): string {
  return `group:${tenant}/${name}`;
}

/**
 * Takes a user ref apart.
 *
 * @returns undefined unless it is the one canonical spelling of a member's ref
 */
export function parseMemberRef(userRef: string): MemberAddress | undefined {
  let parsed;
  try {
    parsed = parseEntityRef(userRef);
  } catch {
    return undefined;
  }
  const canonical =
    stringifyEntityRef(parsed) === userRef &&
    parsed.kind === 'user' &&
    isTenantId(parsed.namespace) &&
    principalNameSchema.safeParse(parsed.name).success;
  return canonical
    ? { tenant: parsed.namespace, name: parsed.name }
    : undefined;
}
