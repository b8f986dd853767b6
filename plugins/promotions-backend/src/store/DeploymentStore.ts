import {
  type Deployment,
  deploymentSchema,
} from '@portico/plugin-promotions-common';
import { type Knex } from 'knex';
import { z } from 'zod';
import { type TargetAddress } from './PromotionStore';

/** A deployment that is recorded. */
export type NewDeployment = Omit<Deployment, 'id'> & {
  /** Of what was observed: the same thing seen twice is one deployment. */
  observedKey?: string;
  /** When the first commit of it was written; as its releases say unless told. */
  firstCommitAt?: Date;
};

/*
 * The first commit of a release, and of those before it that were never deployed there and
 * come with it. Of the first deployment to an environment, the release's own counts.
 */
const FIRST_COMMIT = `
  select min(brought.first_commit_at)
    from portico_promotions.releases deployed
    join portico_promotions.releases brought
      on brought.tenant = deployed.tenant and brought.component = deployed.component
     and not brought.sample
     and (brought.id = deployed.id
          or brought.announced_at <= deployed.announced_at
             and brought.announced_at > (
               select max(earlier.announced_at)
                 from portico_promotions.deployments ran
                 join portico_promotions.releases earlier
                   on earlier.tenant = ran.tenant and earlier.id = ran.release
                where ran.tenant = deployed.tenant and ran.component = deployed.component
                  and ran.environment = ? and ran.result = 'succeeded' and not ran.sample
                  and earlier.announced_at < deployed.announced_at))
   where deployed.tenant = ? and deployed.id = ? and not deployed.sample`;

/** As many as are ever told at once. */
const MOST = 100;

const rowSchema = z.object({
  id: z.string(),
  component: z.string(),
  environment: z.string(),
  tier: deploymentSchema.shape.tier,
  release: z.string().nullable(),
  version: z.string().nullable(),
  source_commit: z.string().nullable(),
  revision: z.string().nullable(),
  result: deploymentSchema.shape.result,
  kind: deploymentSchema.shape.kind,
  source: deploymentSchema.shape.source,
  promotion: z.string().nullable(),
  initiated_by: z.string(),
  started_at: z.date(),
  finished_at: z.date(),
  sample: z.boolean(),
});

/** Columns of a deployment, for {@link toDeployment}. */
export const deploymentColumns =
  'id, component, environment, tier, release, version, source_commit, revision, result, kind, source, promotion, initiated_by, started_at, finished_at, sample';

/** Reads a row with {@link deploymentColumns}. */
export function toDeployment(raw: unknown): Deployment {
  const row = rowSchema.parse(raw);
  return {
    id: row.id,
    component: row.component,
    environment: row.environment,
    tier: row.tier,
    ...(row.release && { release: row.release }),
    ...(row.version && { version: row.version }),
    ...(row.source_commit && { commit: row.source_commit }),
    ...(row.revision && { revision: row.revision }),
    result: row.result,
    kind: row.kind,
    source: row.source,
    ...(row.promotion && { promotion: row.promotion }),
    initiatedBy: row.initiated_by,
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at.toISOString(),
    sample: row.sample,
  };
}

/** The deployments of one tenant, in one transaction. */
export class DeploymentStore {
  readonly #transaction: Knex.Transaction;
  readonly #tenant: string;

  constructor(transaction: Knex.Transaction, tenant: string) {
    this.#transaction = transaction;
    this.#tenant = tenant;
  }

  /** Newest first, at most 100; without sample history, which ran nowhere. */
  async of(options: {
    component: string;
    environment?: string;
  }): Promise<Deployment[]> {
    const { rows } = await this.#transaction.raw(
      `select ${deploymentColumns} from portico_promotions.deployments
        where tenant = ? and component = ? and (?::text is null or environment = ?)
          and not sample
        order by finished_at desc, id limit ${MOST}`,
      [
        this.#tenant,
        options.component,
        options.environment ?? null,
        options.environment ?? null,
      ],
    );
    return z.array(z.unknown()).parse(rows).map(toDeployment);
  }

  /** What the last success brought to a target. */
  async current(target: TargetAddress): Promise<Deployment | undefined> {
    const { rows } = await this.#transaction.raw(
      `select ${deploymentColumns} from portico_promotions.deployments
        where tenant = ? and component = ? and environment = ? and result = 'succeeded'
          and not sample
        order by finished_at desc, id limit 1`,
      [this.#tenant, target.component, target.environment],
    );
    return rows[0] && toDeployment(rows[0]);
  }

  /** Whether a release ever ran in a target. */
  async everRan(target: TargetAddress, release: string): Promise<boolean> {
    const { rows } = await this.#transaction.raw(
      `select 1 from portico_promotions.deployments
        where tenant = ? and component = ? and environment = ? and release = ?
          and result = 'succeeded' and not sample limit 1`,
      [this.#tenant, target.component, target.environment, release],
    );
    return rows.length === 1;
  }

  /** @returns false when the same promotion or observation is recorded already */
  async add(deployment: NewDeployment): Promise<boolean> {
    const { rows } = await this.#transaction.raw(
      `insert into portico_promotions.deployments
         (tenant, component, environment, tier, release, version, source_commit, revision,
          result, kind, source, promotion, initiated_by, observed_key, first_commit_at,
          started_at, finished_at, sample)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
               coalesce(?::timestamptz, (${FIRST_COMMIT})), ?, ?, ?)
       on conflict do nothing returning 1`,
      [
        this.#tenant,
        deployment.component,
        deployment.environment,
        deployment.tier,
        deployment.release ?? null,
        deployment.version ?? null,
        deployment.commit ?? null,
        deployment.revision ?? null,
        deployment.result,
        deployment.kind,
        deployment.source,
        deployment.promotion ?? null,
        deployment.initiatedBy,
        deployment.observedKey ?? null,
        deployment.firstCommitAt ?? null,
        deployment.environment,
        this.#tenant,
        deployment.release ?? null,
        deployment.startedAt,
        deployment.finishedAt,
        deployment.sample,
      ],
    );
    return rows.length === 1;
  }
}
