import { type PorticoDatabase } from '@portico/database';
import {
  type DeliveryFigures,
  deliveryFiguresSchema,
} from '@portico/plugin-promotions-common';
import { z } from 'zod';
import { daysOf, type FigureCounts, figuresOf, noCounts } from './figureRules';

const count = z.coerce.number().int().nonnegative();
const rowSchema = z.object({
  is_current: z.boolean(),
  component: z.string().nullable(),
  day: z.string().nullable(),
  sample: z.boolean(),
  changes: count,
  deployed: count,
  failed: count,
  shipped: count,
  lead_times: count,
  median_lead_hours: z.number().nullable(),
  outages: count,
  restored: count,
  median_restore_hours: z.number().nullable(),
});

/*
 * One pass over the deployments of both windows, newest first in each stream of a component
 * and environment, so that "the one before" a row here is what came next. Only what had
 * happened by the end of the window counts. Sample rows count as long as the reader wants
 * them, and the answer says so.
 */
const statement = `
  with in_scope as materialized (
    select id, component, environment, kind, result, sample, first_commit_at, finished_at
      from portico_promotions.deployments
     where tenant = :tenant and tier = 'production'
       and finished_at >= :before and finished_at < :to
       and (cast(:components as text[]) is null or component = any(:components))
       and (:withSample or not sample)
  ), streamed as (
    select component, kind, result, sample, first_commit_at, finished_at,
           finished_at >= :from as is_current,
           result <> 'succeeded'
             or (kind <> 'rollback' and lag(kind) over newest_first = 'rollback'
                 and lag(finished_at) over newest_first <= finished_at + interval '48 hours')
             as has_failed,
           coalesce(lead(result) over newest_first <> 'succeeded', false) as was_down,
           min(finished_at) filter (where result = 'succeeded') over (
             newest_first rows between unbounded preceding and 1 preceding) as next_success
      from in_scope
    window newest_first as (
      partition by component, environment order by finished_at desc, id desc)
  ), measured as (
    select component, is_current, sample,
           to_char(finished_at at time zone 'UTC', 'YYYY-MM-DD') as day,
           kind <> 'rollback' as is_change,
           result = 'succeeded' as has_succeeded,
           has_failed,
           kind in ('promote', 'observed') and result = 'succeeded' as has_shipped,
           case when kind in ('promote', 'observed') and result = 'succeeded'
                 and first_commit_at <= finished_at
             then cast(extract(epoch from finished_at - first_commit_at) as float8) / 3600 end as lead_hours,
           has_failed and not was_down as began_outage,
           case when has_failed and not was_down
             then cast(extract(epoch from next_success - finished_at) as float8) / 3600 end as restore_hours
      from streamed
  )
  select is_current, component, day, bool_or(sample) as sample,
         count(*) filter (where is_change) as changes,
         count(*) filter (where is_change and has_succeeded) as deployed,
         count(*) filter (where is_change and has_failed) as failed,
         count(*) filter (where has_shipped) as shipped,
         count(lead_hours) as lead_times,
         percentile_cont(0.5) within group (order by lead_hours) as median_lead_hours,
         count(*) filter (where began_outage) as outages,
         count(restore_hours) as restored,
         percentile_cont(0.5) within group (order by restore_hours) as median_restore_hours
    from measured
   group by grouping sets ((is_current), (is_current, component), (is_current, day))`;

/**
 * The four figures of delivery over what was deployed to production from `from` until `to`,
 * beside those of the window of the same length before.
 *
 * The caller has made sure that the components are the tenant's and that the reader may see
 * them; without `components` all of the tenant count.
 */
export async function deliveryFigures(options: {
  database: PorticoDatabase;
  tenant: string;
  /** How the answer names what it is about: `component:…`, `group:…` or `tenant:<id>`. */
  scope: string;
  components?: readonly string[];
  from: Date;
  to: Date;
  /** Counts the sample history of the demo, too. */
  withSample: boolean;
}): Promise<DeliveryFigures> {
  const { database, tenant, scope, components, from, to, withSample } = options;
  const windowMilliseconds = to.getTime() - from.getTime();
  const result = await database.inTenant(tenant, transaction =>
    transaction.raw(statement, {
      tenant,
      components: components ? [...components] : null,
      before: new Date(from.getTime() - windowMilliseconds),
      from,
      to,
      withSample,
    }),
  );
  const rows = z.array(rowSchema).parse(result.rows);
  const totals = rows.filter(row => row.component === null && row.day === null);
  const ofComponents = rows.filter(
    row => row.is_current && row.component !== null,
  );
  const days = new Map(
    rows
      .filter(row => row.is_current)
      .flatMap(({ day, changes, failed }) =>
        day === null ? [] : [[day, { succeeded: changes - failed, failed }]],
      ),
  );
  return deliveryFiguresSchema.parse({
    scope,
    from: from.toISOString(),
    to: to.toISOString(),
    ...figuresOf({
      now: toCounts(totals.find(row => row.is_current)),
      before: toCounts(totals.find(row => !row.is_current)),
      components: ofComponents.map(toCounts),
      windowMilliseconds,
    }),
    days: daysOf({ from, to }, days),
    sample: totals.some(row => row.sample),
  });
}

function toCounts(row: z.infer<typeof rowSchema> | undefined): FigureCounts {
  if (!row) {
    return noCounts;
  }
  return {
    changes: row.changes,
    deployed: row.deployed,
    failed: row.failed,
    shipped: row.shipped,
    leadTimes: row.lead_times,
    medianLeadHours: row.median_lead_hours ?? undefined,
    outages: row.outages,
    restored: row.restored,
    medianRestoreHours: row.median_restore_hours ?? undefined,
  };
}
