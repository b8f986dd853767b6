import {
  type Deployment,
  isActing,
  type Promotion,
  type Release,
} from '@portico/plugin-promotions-common';
import { type Knex } from 'knex';
import { z } from 'zod';
import { deploymentColumns, toDeployment } from '../store/DeploymentStore';
import { type StoredHold } from '../store/HoldStore';
import { releaseColumns, toRelease } from '../store/ReleaseStore';
import { selectPromotions, toPromotion } from '../store/toPromotion';

/** Where a component stands in an environment. */
export interface Standing {
  /** What the last success brought. */
  deployment?: Deployment;
  release?: Release;
  /** Nothing was deployed here but in the sample history of the demo. */
  sampleOnly?: boolean;
  /** The one that acts, else the newest that is not over. */
  open?: Promotion;
  hold?: StoredHold;
  /** Drift that is not over. */
  drift: number;
  /** Releases of the environment before that are not here yet. */
  behind: number;
}

/** Standings by component and environment. */
export interface Standings {
  of(component: string, environment: string): Standing;
}

interface Scope {
  tenant: string;
  components: readonly string[];
  /** In their order. */
  environments: readonly string[];
}

const targetSchema = z.object({
  component: z.string(),
  environment: z.string(),
});
const countsSchema = z.array(targetSchema.extend({ count: z.coerce.number() }));
const holdsSchema = z.array(
  targetSchema.extend({
    by_ref: z.string(),
    since: z.date(),
    reason: z.string(),
  }),
);

/** Reads all standings of some components with one question for each kind of thing. */
export async function readStandings(
  transaction: Knex.Transaction,
  scope: Scope,
): Promise<Standings> {
  const deployments = await readCurrent(transaction, scope);
  const releases = await readReleases(
    transaction,
    scope,
    [...deployments.values()].flatMap(({ release }) => release ?? []),
  );
  const samples = await readSamples(transaction, scope);
  const open = await readOpen(transaction, scope);
  const holds = await readHolds(transaction, scope);
  const drift = await readDrift(transaction, scope);
  const behind = await readBehind(transaction, scope);
  return {
    of(component, environment) {
      const key = keyOf({ component, environment });
      const deployment = deployments.get(key);
      const release = releases.get(deployment?.release ?? '');
      const promotion = open.get(key);
      const hold = holds.get(key);
      return {
        ...(deployment && { deployment }),
        ...(release && { release }),
        ...(!deployment && samples.has(key) && { sampleOnly: true }),
        ...(promotion && { open: promotion }),
        ...(hold && { hold }),
        drift: drift.get(key) ?? 0,
        behind: behind.get(key) ?? 0,
      };
    },
  };
}

function keyOf(target: z.infer<typeof targetSchema>): string {
  return `${target.component} ${target.environment}`;
}

async function readCurrent(
  transaction: Knex.Transaction,
  { tenant, components }: Scope,
): Promise<Map<string, Deployment>> {
  const { rows } = await transaction.raw(
    `select distinct on (component, environment) ${deploymentColumns}
       from portico_promotions.deployments
      where tenant = ? and component = any(?) and result = 'succeeded' and not sample
      order by component, environment, finished_at desc, id`,
    [tenant, [...components]],
  );
  return new Map(
    z
      .array(z.unknown())
      .parse(rows)
      .map(toDeployment)
      .map(deployment => [keyOf(deployment), deployment]),
  );
}

/** Where the sample history of the demo deployed. */
async function readSamples(
  transaction: Knex.Transaction,
  { tenant, components }: Scope,
): Promise<Set<string>> {
  const { rows } = await transaction.raw(
    `select distinct component, environment from portico_promotions.deployments
      where tenant = ? and component = any(?) and result = 'succeeded' and sample`,
    [tenant, [...components]],
  );
  return new Set(z.array(targetSchema).parse(rows).map(keyOf));
}

async function readReleases(
  transaction: Knex.Transaction,
  { tenant }: Scope,
  ids: readonly string[],
): Promise<Map<string, Release>> {
  if (ids.length === 0) {
    return new Map();
  }
  const { rows } = await transaction.raw(
    `select ${releaseColumns} from portico_promotions.releases
      where tenant = ? and id = any(?)`,
    [tenant, [...new Set(ids)]],
  );
  return new Map(
    z
      .array(z.unknown())
      .parse(rows)
      .map(toRelease)
      .map(release => [release.id, release]),
  );
}

async function readOpen(
  transaction: Knex.Transaction,
  { tenant, components }: Scope,
): Promise<Map<string, Promotion>> {
  const { rows } = await transaction.raw(
    `${selectPromotions}
      where p.tenant = ? and p.component = any(?) and p.ended_at is null order by p.id`,
    [tenant, [...components]],
  );
  const found = new Map<string, Promotion>();
  for (const { promotion } of z
    .array(z.unknown())
    .parse(rows)
    .map(toPromotion)) {
    const before = found.get(keyOf(promotion));
    if (!before || !isActing(before.phase)) {
      found.set(keyOf(promotion), promotion);
    }
  }
  return found;
}

async function readHolds(
  transaction: Knex.Transaction,
  { tenant, components }: Scope,
): Promise<Map<string, StoredHold>> {
  const { rows } = await transaction.raw(
    `select component, environment, by_ref, since, reason from portico_promotions.holds
      where tenant = ? and component = any(?) and released_at is null`,
    [tenant, [...components]],
  );
  return new Map(
    holdsSchema.parse(rows).map(row => [
      keyOf(row),
      {
        by: row.by_ref,
        since: row.since.toISOString(),
        reason: row.reason,
      },
    ]),
  );
}

async function readDrift(
  transaction: Knex.Transaction,
  { tenant, components }: Scope,
): Promise<Map<string, number>> {
  const { rows } = await transaction.raw(
    `select component, environment, count(*) from portico_promotions.drift
      where tenant = ? and component = any(?) and resolved_at is null
      group by component, environment`,
    [tenant, [...components]],
  );
  return toCounts(rows);
}

/** Releases that are newer than what runs, and ran in the environment before. */
async function readBehind(
  transaction: Knex.Transaction,
  { tenant, components, environments }: Scope,
): Promise<Map<string, number>> {
  const { rows } = await transaction.raw(
    `with stage (environment, previous) as (
       select * from unnest(?::text[], ?::text[])
     ), standing as (
       select component.ref as component, stage.environment, stage.previous,
              (select r.announced_at
                 from portico_promotions.deployments d
                 join portico_promotions.releases r on r.tenant = d.tenant and r.id = d.release
                where d.tenant = ? and d.component = component.ref
                  and d.environment = stage.environment and d.result = 'succeeded'
                  and not d.sample
                order by d.finished_at desc, d.id limit 1) as announced_at
         from unnest(?::text[]) as component (ref), stage
     )
     select s.component, s.environment, count(*)
       from standing s
       join portico_promotions.releases r
         on r.tenant = ? and r.component = s.component and r.rejected_at is null
        and not r.sample and (s.announced_at is null or r.announced_at > s.announced_at)
      where s.previous is null or exists (
              select 1 from portico_promotions.deployments d
               where d.tenant = r.tenant and d.component = r.component
                 and d.environment = s.previous and d.release = r.id
                 and d.result = 'succeeded' and not d.sample)
      group by s.component, s.environment`,
    [
      [...environments],
      environments.map((_, index) => environments[index - 1] ?? null),
      tenant,
      [...components],
      tenant,
    ],
  );
  return toCounts(rows);
}

function toCounts(rows: unknown): Map<string, number> {
  return new Map(countsSchema.parse(rows).map(row => [keyOf(row), row.count]));
}
