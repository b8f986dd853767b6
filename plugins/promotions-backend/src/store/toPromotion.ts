import {
  type FrozenStage,
  frozenStageSchema,
  type Promotion,
  promotionKindSchema,
  promotionPhaseSchema,
  releaseContentSchema,
} from '@portico/plugin-promotions-common';
import { z } from 'zod';
import { toRelease } from './ReleaseStore';

/** A promotion, and what only the engine knows of it. */
export interface StoredPromotion {
  promotion: Promotion;
  stage: FrozenStage;
  phaseSince: Date;
  /** Grows with each vote, override and stop. */
  news: number;
  /** Failed tries in this phase, one after the other. */
  attempts: number;
  declaredRevision?: string;
  dueAt?: Date;
}

/** `select` of promotions `p` with their releases, for {@link toPromotion}. */
export const selectPromotions = `
  select p.id, p.component, p.environment, p.kind, p.phase, p.revision, p.reason,
         p.requested_by, p.automatic, p.requested_at, p.comment, p.subject, p.expires_at,
         p.ended_at, p.superseded_by, p.overridden, p.sample, p.stage, p.phase_since,
         p.news, p.attempts, p.declared_revision, p.due_at,
         b.id as before_id, b.content as before_content,
         json_build_object(
           'id', r.id, 'content', r.content, 'origin', r.origin,
           'announced_by', r.announced_by, 'found', r.found,
           'rejected_by', r.rejected_by, 'rejected_reason', r.rejected_reason,
           'sample', r.sample) as release,
         r.announced_at as release_announced_at, r.rejected_at as release_rejected_at
    from portico_promotions.promotions p
    join portico_promotions.releases r on r.tenant = p.tenant and r.id = p.release
    left join portico_promotions.releases b on b.tenant = p.tenant and b.id = p.before`;

const rowSchema = z.object({
  id: z.string(),
  component: z.string(),
  environment: z.string(),
  kind: promotionKindSchema,
  phase: promotionPhaseSchema,
  revision: z.number(),
  reason: z.string(),
  requested_by: z.string(),
  automatic: z.boolean(),
  requested_at: z.date(),
  comment: z.string().nullable(),
  subject: z.string().nullable(),
  expires_at: z.date(),
  ended_at: z.date().nullable(),
  superseded_by: z.string().nullable(),
  overridden: z.boolean(),
  sample: z.boolean(),
  stage: frozenStageSchema,
  phase_since: z.date(),
  news: z.number(),
  attempts: z.number(),
  declared_revision: z.string().nullable(),
  due_at: z.date().nullable(),
  before_id: z.string().nullable(),
  before_content: releaseContentSchema.nullable(),
  release: z.looseObject({}),
  release_announced_at: z.date(),
  release_rejected_at: z.date().nullable(),
});

/** Reads a row of {@link selectPromotions}. */
export function toPromotion(raw: unknown): StoredPromotion {
  const row = rowSchema.parse(raw);
  return {
    promotion: {
      id: row.id,
      component: row.component,
      environment: row.environment,
      kind: row.kind,
      release: toRelease({
        ...row.release,
        announced_at: row.release_announced_at,
        rejected_at: row.release_rejected_at,
      }),
      ...(row.before_id &&
        row.before_content && {
          before: { id: row.before_id, content: row.before_content },
        }),
      phase: row.phase,
      revision: row.revision,
      reason: row.reason,
      requestedBy: row.requested_by,
      automatic: row.automatic,
      requestedAt: row.requested_at.toISOString(),
      ...(row.comment && { comment: row.comment }),
      ...(row.subject && { subject: row.subject }),
      expiresAt: row.expires_at.toISOString(),
      ...(row.ended_at && { endedAt: row.ended_at.toISOString() }),
      ...(row.superseded_by && { supersededBy: row.superseded_by }),
      overridden: row.overridden,
      sample: row.sample,
    },
    stage: row.stage,
    phaseSince: row.phase_since,
    news: row.news,
    attempts: row.attempts,
    ...(row.declared_revision && { declaredRevision: row.declared_revision }),
    ...(row.due_at && { dueAt: row.due_at }),
  };
}
