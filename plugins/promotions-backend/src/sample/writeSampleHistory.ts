import { type PorticoDatabase } from '@portico/database';
import { type Knex } from 'knex';
import { gateResultColumns } from '../store/GateResultStore';
import { planSampleHistory, SAMPLE_DAYS } from './planSampleHistory';
import { approversOf } from './SampleComponentTale';
import {
  type SampleComponent,
  type SampleHistory,
  type SamplePromotion,
} from './SampleHistory';

/** Rows in one statement: PostgreSQL takes 65,535 values. */
const ROWS_AT_ONCE = 1_000;

/** What was written. */
export interface WrittenHistory {
  /** Components that got a history; the others have one. */
  components: number;
  deployments: number;
  days: number;
}

/**
 * Writes sixty days of sample history for components of a tenant, each in one transaction: a
 * run that was cut off goes on where it ended, and a component that has one keeps it.
 *
 * It is history and nothing else. Nobody is told, no job follows, and no audit entry says that
 * it happened; every row is marked as a sample.
 *
 * @param options.until - the instant before which everything happened
 * @throws Error when a component is another tenant's or has nobody who may approve
 */
export async function writeSampleHistory(options: {
  database: PorticoDatabase;
  tenant: string;
  components: readonly SampleComponent[];
  until: Date;
  signal?: AbortSignal;
}): Promise<WrittenHistory> {
  const { database, tenant, components, until, signal } = options;
  components.forEach(component => assertUsable(tenant, component));
  const written = { components: 0, deployments: 0, days: SAMPLE_DAYS };
  for (const component of components) {
    signal?.throwIfAborted();
    const history = planSampleHistory(component, until);
    const isNew = await database.inTenant(tenant, transaction =>
      writeOne(transaction, { tenant, component: component.ref, history }),
    );
    if (isNew) {
      written.components += 1;
      written.deployments += history.deployments.length;
    }
  }
  return written;
}

function assertUsable(tenant: string, component: SampleComponent): void {
  const { ref, developers } = component;
  if (!ref.startsWith(`component:${tenant}/`)) {
    throw new Error(`${ref} is no component of ${tenant}`);
  }
  if (developers.length === 0 || approversOf(component).length === 0) {
    throw new Error(
      `${ref} can have no sample history: name a developer, and an approver who is none`,
    );
  }
}

/** @returns false when it has a history */
async function writeOne(
  transaction: Knex.Transaction,
  what: { tenant: string; component: string; history: SampleHistory },
): Promise<boolean> {
  const { tenant, component, history } = what;
  // Two that write at the same time do it one after the other.
  await transaction.raw(
    'select pg_advisory_xact_lock(hashtextextended(?, 7007))',
    [`sample history ${tenant} ${component}`],
  );
  const { rows } = await transaction.raw(
    `select 1 from portico_promotions.releases
      where tenant = ? and component = ? and sample limit 1`,
    [tenant, component],
  );
  if (rows.length > 0) {
    return false;
  }
  for (const [table, ofTable] of tablesOf(tenant, history)) {
    await transaction.batchInsert(
      `portico_promotions.${table}`,
      ofTable,
      ROWS_AT_ONCE,
    );
  }
  return true;
}

type Row = Record<string, unknown>;

/** The rows of a history by table; what others refer to comes first. */
function tablesOf(
  tenant: string,
  { releases, promotions, deployments, drift }: SampleHistory,
): Array<[string, Row[]]> {
  const ofPromotions = (rowsOf: (promotion: SamplePromotion) => Row[]) =>
    promotions.flatMap(promotion =>
      rowsOf(promotion).map(row => ({
        tenant,
        promotion: promotion.id,
        ...row,
      })),
    );
  return [
    [
      'releases',
      releases.map(({ id, content, announcedBy, announcedAt, rejected }) => ({
        tenant,
        id,
        component: content.component,
        content: JSON.stringify(content),
        announced_by: announcedBy,
        announced_at: announcedAt,
        found: 'announced',
        rejected_by: rejected?.by ?? null,
        rejected_at: rejected?.at ?? null,
        rejected_reason: rejected?.reason ?? null,
        sample: true,
      })),
    ],
    ['promotions', promotions.map(one => promotionRow(tenant, one))],
    [
      'transitions',
      ofPromotions(({ transitions }) =>
        transitions.map(({ from, to, by, ...rest }) => ({
          ...rest,
          from_phase: from ?? null,
          to_phase: to,
          by_ref: by,
        })),
      ),
    ],
    [
      'subjects',
      ofPromotions(({ subject, requestedAt }) => [
        {
          digest: subject.digest,
          content: JSON.stringify(subject.content),
          made_at: requestedAt,
        },
      ]),
    ],
    [
      'gate_results',
      ofPromotions(({ gateResults }) => gateResults.map(gateResultColumns)),
    ],
    [
      'votes',
      ofPromotions(({ votes }) =>
        votes.map(({ voter, decision, subject, comment, at }) => ({
          voter,
          decision,
          subject,
          comment: comment ?? null,
          belonged_to: JSON.stringify(['role:approver']),
          at,
        })),
      ),
    ],
    [
      'deployments',
      deployments.map(deployment => ({
        tenant,
        id: deployment.id,
        component: deployment.component,
        environment: deployment.environment,
        tier: deployment.tier,
        release: deployment.release ?? null,
        version: deployment.version ?? null,
        result: deployment.result,
        kind: deployment.kind,
        source: deployment.source,
        promotion: deployment.promotion ?? null,
        initiated_by: deployment.initiatedBy,
        first_commit_at: deployment.firstCommitAt ?? null,
        started_at: deployment.startedAt,
        finished_at: deployment.finishedAt,
        sample: true,
      })),
    ],
    [
      'drift',
      drift.map(one => ({
        tenant,
        id: one.id,
        component: one.component,
        environment: one.environment,
        class: one.class,
        resource: one.resource ?? '',
        path: one.path ?? '',
        declared: one.declared ?? null,
        live: one.live ?? null,
        reason: one.reason,
        source: one.source,
        first_seen_at: one.firstSeenAt,
        last_seen_at: one.lastSeenAt,
        resolved_at: one.resolvedAt,
        sample: true,
      })),
    ],
  ];
}

function promotionRow(tenant: string, promotion: SamplePromotion): Row {
  return {
    tenant,
    id: promotion.id,
    component: promotion.component,
    environment: promotion.environment,
    kind: promotion.kind,
    release: promotion.release.id,
    before: promotion.before ?? null,
    phase: promotion.phase,
    // the request was the first transition
    revision: promotion.transitions.length - 1,
    reason: promotion.reason,
    requested_by: promotion.requestedBy,
    automatic: promotion.automatic,
    requested_at: promotion.requestedAt,
    comment: promotion.comment ?? null,
    stage: JSON.stringify(promotion.stage),
    subject: promotion.subject.digest,
    // a week after the request, as the stages say; it was over before
    expires_at: new Date(promotion.requestedAt.getTime() + 7 * 24 * 3_600_000),
    ended_at: promotion.endedAt,
    phase_since: promotion.endedAt,
    sample: true,
  };
}
