import { Client } from 'pg';
import { z } from 'zod';
import { forgeServiceToken } from '../principals/forgeServiceToken';
import { bearer, type Principal } from '../principals/Principal';
import { SILENT_SYSTEM } from '../portal/portalConfig';
import { type RunningPortal } from '../portal/RunningPortal';
import { CLUSTER } from '../portal/StandInCluster';
import { Canaries } from './Canaries';
import { PortalClient } from './PortalClient';
import { seedTenant, type SeededTenant } from './seedTenant';
import { absentIn } from './Things';
import { type World, type WorldTenant } from './World';

const PERSONA_ISSUER = 'urn:portico:persona';
const PLATFORM = 'default';
const PLATFORM_ADMIN = 'user:default/pat';
const AUDITOR = 'user:default/ana';
const SERVICE_TEMPLATE =
  '/api/catalog/entities/by-name/template/default/typescript-service';

/** A tenant to make. */
export interface TenantPlan {
  id: string;
  /** People only: nothing of its own to find. */
  isEmpty?: true;
}

/** Two ordinary tenants, one whose id looks like another's, and one with nothing in it. */
export const tenantPlans: readonly TenantPlan[] = [
  { id: 'isola' },
  { id: 'isolb' },
  { id: 'isola-b' },
  { id: 'isolc', isEmpty: true },
];

const people = {
  vera: 'viewer',
  dev: 'developer',
  app: 'approver',
  adm: 'tenant-admin',
  ended: 'developer',
  gone: 'developer',
} as const;

/** Makes the tenants, all that they have, and the callers, through the portal's API. */
export async function makeWorld(
  portal: RunningPortal,
  options: { seed: string; plans?: readonly TenantPlan[] },
): Promise<World> {
  const { seed, plans = tenantPlans } = options;
  const platform = await PortalClient.persona(portal.url, PLATFORM_ADMIN);
  const auditor = await PortalClient.persona(portal.url, AUDITOR);
  await platform.until('The golden path', SERVICE_TEMPLATE, z.unknown());
  const platformCanaries = Canaries.of(seed, PLATFORM);
  await platform.put(`/api/tenancy/tenants/${PLATFORM}/members/hidden`, {
    displayName: platformCanaries.in('platform person'),
    email: `${platformCanaries.in('platform email')}@canary.example`,
    roles: ['auditor'],
  });
  const made = await Promise.all(
    plans.map(plan => makeTenant(portal, platform, plan, seed)),
  );
  return {
    tenants: made.map(({ tenant }) => tenant),
    platform: { id: PLATFORM, canaries: platformCanaries },
    principals: [
      ...made.flatMap(({ principals }) => principals),
      bearer('platform-admin', PLATFORM, platform.token ?? ''),
      bearer('auditor', PLATFORM, auditor.token ?? ''),
    ],
  };
}

async function makeTenant(
  portal: RunningPortal,
  platform: PortalClient,
  plan: TenantPlan,
  seed: string,
): Promise<{ tenant: WorldTenant; principals: Principal[] }> {
  const { id } = plan;
  const canaries = Canaries.of(seed, id);
  const base = `/api/tenancy/tenants/${id}`;
  await platform.post(
    '/api/tenancy/tenants',
    { id, title: `Title ${canaries.in('tenant title')}` },
    z.unknown(),
  );
  // A name of its own in each tenant, so that requests can ask for it.
  const nameOf = (person: string) =>
    person === 'dev' ? `dev-${canaries.stem}` : person;
  for (const [person, role] of Object.entries(people)) {
    const name = nameOf(person);
    await platform.put(`${base}/members/${name}`, {
      displayName: canaries.in(`display name of ${role}`),
      email: `${canaries.in(`email of ${role}`)}@canary.example`,
      roles: [role],
      identity: { issuer: PERSONA_ISSUER, subject: `user:${id}/${name}` },
    });
  }
  const signIn = (person: keyof typeof people) =>
    PortalClient.persona(portal.url, `user:${id}/${nameOf(person)}`);
  const administrator = await signIn('adm');
  const developer = await signIn('dev');
  const ended = await signIn('ended');
  const gone = await signIn('gone');
  await ended.remove('/api/tenancy/session');
  await administrator.put(`${base}/members/gone`, {
    displayName: canaries.in('display name of the disabled'),
    roles: ['developer'],
    disabled: true,
  });

  const principals: Principal[] = [
    { kind: 'anonymous', tenant: id, headers: {} },
    bearer(
      'forged service',
      id,
      forgeServiceToken({ subject: 'catalog', audience: 'catalog' }),
    ),
    bearer('ended session', id, ended.token ?? ''),
    bearer('disabled', id, gone.token ?? ''),
    bearer('viewer', id, (await signIn('vera')).token ?? ''),
    bearer('developer', id, developer.token ?? ''),
    bearer('approver', id, (await signIn('app')).token ?? ''),
    bearer('tenant-admin', id, administrator.token ?? ''),
  ];
  const seeded = plan.isEmpty
    ? {
        things: absentIn(id),
        secrets: [],
        machineToken: await createMachineToken(administrator, base),
      }
    : await seedTenant({
        tenant: id,
        member: nameOf('dev'),
        claims: neighbourOf(id),
        canaries,
        hands: { developer, administrator },
        docsDirectory: portal.docsDirectory,
      });
  if (portal.adminConnectionString && !plan.isEmpty) {
    await observeDelivery(portal.adminConnectionString, seeded, canaries);
  }
  if (portal.cluster && !plan.isEmpty) {
    portal.runtime?.tenants.set(id, {
      component: seeded.things.component,
      repository: seeded.things.repository,
      word: canaries.in('run'),
    });
    portal.cluster.words.set(seeded.things.namespace, canaries.in('pod'));
    await bindTenant({ platform, administrator, seeded, canaries });
  }
  const machine = await PortalClient.machine(portal.url, seeded.machineToken);
  principals.push(bearer('machine', id, machine.token ?? ''));
  return {
    tenant: {
      id,
      canaries,
      things: seeded.things,
      secrets: seeded.secrets,
      isEmpty: plan.isEmpty ?? false,
    },
    principals,
  };
}

/** Another tenant of the plans that has something. */
function neighbourOf(tenant: string): string {
  const others = tenantPlans.filter(({ isEmpty }) => !isEmpty);
  const place = others.findIndex(({ id }) => id === tenant);
  return others[(place + 1) % others.length].id;
}

/** Grants the tenant its namespace and a folder, and sets a credential. */
async function bindTenant(options: {
  platform: PortalClient;
  administrator: PortalClient;
  seeded: SeededTenant;
  canaries: Canaries;
}): Promise<void> {
  const { platform, administrator, seeded, canaries } = options;
  const { things, secrets } = seeded;
  const base = `/api/bindings/tenants/${things.tenant}`;
  await platform.post(
    `${base}/grants`,
    {
      kind: 'kubernetes-namespace',
      system: CLUSTER,
      resource: things.namespace,
    },
    z.unknown(),
  );
  const folder = await platform.post(
    `${base}/grants`,
    {
      kind: 'grafana-folder',
      system: SILENT_SYSTEM,
      resource: canaries.in('granted folder'),
    },
    z.object({ id: z.string() }),
  );
  things.binding = folder.id;
  const token = `${canaries.in('credential')}-${'x'.repeat(20)}`;
  await administrator.put(`${base}/credentials/${SILENT_SYSTEM}`, { token });
  secrets.push(token);
}

/** What only the portal itself writes: a vote that was cast, a drift, a deployment. */
async function observeDelivery(
  connectionString: string,
  { things }: SeededTenant,
  canaries: Canaries,
): Promise<void> {
  const component = `component:${things.tenant}/${things.component}`;
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query(
      `insert into portico_promotions.votes
         (tenant, promotion, voter, decision, subject, comment, belonged_to, at)
       values ($1, $2, $3, 'approve', $4, $5, '[]', now())`,
      [
        things.tenant,
        things.promotion,
        `user:${things.tenant}/app`,
        things.release,
        canaries.in('comment of a vote'),
      ],
    );
    const drift = await client.query<{ id: string }>(
      `insert into portico_promotions.drift
         (tenant, component, environment, class, resource, reason, source, first_seen_at, last_seen_at)
       values ($1, $2, 'prod', 'liveDrift', $3, $4, 'the suite', now(), now()) returning id`,
      [
        things.tenant,
        component,
        canaries.in('resource of a drift'),
        canaries.in('reason of a drift'),
      ],
    );
    things.drift = drift.rows[0].id;
    await client.query(
      `insert into portico_promotions.deployments
         (tenant, component, environment, tier, release, version, result, kind, source,
          initiated_by, started_at, finished_at)
       values ($1, $2, 'dev', 'production', $3, $4, 'succeeded', 'observed', 'observed',
               $5, now(), now())`,
      [
        things.tenant,
        component,
        things.release,
        canaries.in('version of a deployment'),
        `user:${things.tenant}/${things.member}`,
      ],
    );
  } finally {
    await client.end();
  }
}

async function createMachineToken(
  administrator: PortalClient,
  base: string,
): Promise<string> {
  const { token } = await administrator.post(
    `${base}/tokens`,
    { name: 'machine', scopes: ['catalog:read', 'git:read'] },
    z.object({ token: z.string() }),
  );
  return token;
}
