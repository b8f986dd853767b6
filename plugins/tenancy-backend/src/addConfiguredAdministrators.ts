import { type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import {
  identitySchema,
  PLATFORM_TENANT,
  principalNameSchema,
} from '@portico/plugin-tenancy-common';
import { z } from 'zod';
import { type MemberStore } from './service/MemberStore';

const administratorsSchema = z.array(
  z.strictObject({
    name: principalNameSchema,
    displayName: z.string().min(1).max(200),
    ...identitySchema.shape,
  }),
);

/**
 * Makes the platform administrators named by `tenancy.administrators`, so that a new
 * portal in production has somebody who can sign in. Whoever is a member already stays
 * as they are: later changes are made in the portal.
 *
 * @throws InputError that names the key and what is wrong with it
 */
export async function addConfiguredAdministrators(options: {
  config: Config;
  members: MemberStore;
}): Promise<void> {
  const { config, members } = options;
  const parsed = administratorsSchema.safeParse(
    config.getOptional('tenancy.administrators') ?? [],
  );
  if (!parsed.success) {
    throw new InputError(
      `Configuration key 'tenancy.administrators' is wrong: ${z.prettifyError(
        parsed.error,
      )}`,
    );
  }
  const known = new Set(
    (await members.list(PLATFORM_TENANT)).map(member => member.name),
  );
  for (const { name, displayName, issuer, subject } of parsed.data) {
    if (!known.has(name)) {
      await members.put({
        tenant: PLATFORM_TENANT,
        name,
        member: {
          displayName,
          roles: ['platform-admin'],
          identity: { issuer, subject },
        },
        by: pluginAuditContext('tenancy'),
        reason: 'Named by tenancy.administrators in the configuration',
      });
    }
  }
}
