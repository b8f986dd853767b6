import { pluginAuditContext } from '@portico/plugin-audit-node';
import {
  PERSONA_ISSUER,
  PLATFORM_TENANT,
  type PutMember,
} from '@portico/plugin-tenancy-common';
import { type GroupStore } from './service/GroupStore';
import { type MemberStore } from './service/MemberStore';
import { memberRef } from './service/userRef';

const SEEDED = {
  by: pluginAuditContext('tenancy'),
  reason: 'The people of the platform in development',
};

const PLATFORM_GROUP = 'platform';

const PLATFORM_PEOPLE: Record<string, PutMember> = {
  pat: { displayName: 'Pat Platform', roles: ['platform-admin'] },
  ana: { displayName: 'Ana Auditor', roles: ['auditor'] },
};

/**
 * Makes the platform's own people on a first start in development, so that there is
 * somebody to sign in as. Call it only where personas are allowed.
 */
export async function seedPlatformPersonas(stores: {
  groups: GroupStore;
  members: MemberStore;
}): Promise<void> {
  const tenant = PLATFORM_TENANT;
  const known = await stores.members.list(tenant);
  if (known.length > 0) {
    return;
  }
  await stores.groups.put({
    tenant,
    name: PLATFORM_GROUP,
    // no team of a tenant's kind, so forms do not offer it as an owner
    group: { displayName: 'Platform', type: 'platform' },
    ...SEEDED,
  });
  for (const [name, member] of Object.entries(PLATFORM_PEOPLE)) {
    await stores.members.put({
      tenant,
      name,
      member: {
        ...member,
        groups: [PLATFORM_GROUP],
        identity: {
          issuer: PERSONA_ISSUER,
          subject: memberRef({ tenant, name }),
        },
      },
      ...SEEDED,
    });
  }
}
