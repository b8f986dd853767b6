import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { forgeServiceToken } from '../principals/forgeServiceToken';
import { bearer, type Principal } from '../principals/Principal';
import { type RunningPortal } from '../portal/RunningPortal';
import { Canaries } from './Canaries';
import { PortalClient } from './PortalClient';
import { seedTenant } from './seedTenant';
import { type World, type WorldTenant } from './World';

const tokenSchema = z.string().min(20);

/** The file of `--tokens`: portal tokens of prepared people. */
const tokensSchema = z.strictObject({
  tenants: z
    .record(
      z.string(),
      z.strictObject({
        developer: tokenSchema,
        'tenant-admin': tokenSchema,
        viewer: tokenSchema.optional(),
        approver: tokenSchema.optional(),
        'ended session': tokenSchema.optional(),
        disabled: tokenSchema.optional(),
      }),
    )
    .refine(tenants => Object.keys(tenants).length >= 2, {
      error: 'must hold two tenants or more',
    }),
  platform: z
    .strictObject({
      'platform-admin': tokenSchema.optional(),
      auditor: tokenSchema.optional(),
    })
    .default({}),
});
type Tokens = z.infer<typeof tokensSchema>;

const meSchema = z.object({ userRef: z.string() });

/**
 * The world of a portal that somebody else runs: the suite makes its things in tenants that
 * were prepared for it, as the people whose tokens it was given.
 *
 * @throws Error that says what is wrong with the file
 */
export async function usePreparedTenants(
  portal: RunningPortal,
  options: { tokensFile: string; seed: string },
): Promise<World> {
  const tokens = await readTokens(options.tokensFile);
  const made = await Promise.all(
    Object.entries(tokens.tenants).map(([id, people]) =>
      prepareTenant(portal, id, people, options.seed),
    ),
  );
  return {
    tenants: made.map(({ tenant }) => tenant),
    platform: { id: 'default', canaries: Canaries.of(options.seed, 'default') },
    principals: [
      ...made.flatMap(({ principals }) => principals),
      ...(['platform-admin', 'auditor'] as const).flatMap(kind => {
        const token = tokens.platform[kind];
        return token ? [bearer(kind, 'default', token)] : [];
      }),
    ],
  };
}

async function readTokens(file: string): Promise<Tokens> {
  const result = tokensSchema.safeParse(
    JSON.parse(await readFile(file, 'utf8')),
  );
  if (!result.success) {
    throw new Error(
      `The file ${file} of --tokens is wrong: ${z.prettifyError(result.error)}`,
    );
  }
  return result.data;
}

async function prepareTenant(
  portal: RunningPortal,
  id: string,
  people: Tokens['tenants'][string],
  seed: string,
): Promise<{ tenant: WorldTenant; principals: Principal[] }> {
  const canaries = Canaries.of(seed, id);
  const developer = new PortalClient(portal.url, people.developer);
  const administrator = new PortalClient(portal.url, people['tenant-admin']);
  const { userRef } = await developer.get('/api/tenancy/me', meSchema);
  if (!userRef.startsWith(`user:${id}/`)) {
    throw new Error(
      `The token of the developer of ${id} is one of ${userRef}: give one of that tenant.`,
    );
  }
  const seeded = await seedTenant({
    tenant: id,
    member: userRef.slice(`user:${id}/`.length),
    canaries,
    hands: { developer, administrator },
    claims: 'nobody',
    // Templates may not send notifications where nobody has allowed it.
    sendsNotification: false,
  });
  const machine = await PortalClient.machine(portal.url, seeded.machineToken);
  const kinds = [
    'viewer',
    'developer',
    'approver',
    'tenant-admin',
    'ended session',
    'disabled',
  ] as const;
  return {
    tenant: {
      id,
      canaries,
      things: seeded.things,
      secrets: seeded.secrets,
      isEmpty: false,
    },
    principals: [
      { kind: 'anonymous', tenant: id, headers: {} },
      bearer(
        'forged service',
        id,
        forgeServiceToken({ subject: 'catalog', audience: 'catalog' }),
      ),
      ...kinds.flatMap(kind => {
        const token = people[kind];
        return token ? [bearer(kind, id, token)] : [];
      }),
      bearer('machine', id, machine.token ?? ''),
    ],
  };
}
