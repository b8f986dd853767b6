import { enqueue } from '@portico/database';
import { appendAudit } from '@portico/plugin-audit-node';
import {
  isActing,
  isEnd,
  nextPhase,
  type PromotionEvent,
  type PromotionPhase,
} from '@portico/plugin-promotions-common';
import { type PromotionActor } from '@portico/plugin-promotions-node';
import { transitionActs } from '../auditActs';
import { ADVANCE_TASK } from '../jobs/tasks';
import { isEndNews } from '../notices/isEndNews';
import { type Stores } from '../store/openStores';
import { type StoredPromotion } from '../store/toPromotion';

/** Reasons are for a line on a page. */
const MOST_REASON_CHARACTERS = 1_000;

/** Ends that are entered in the audit as a failure. */
const wentWrong: ReadonlySet<PromotionPhase> = new Set([
  'failed',
  'errored',
  'rolledBack',
]);

/** What happens to a promotion. */
export interface Step {
  event: PromotionEvent;
  reason: string;
  at: Date;
  by: PromotionActor;
  /** When to look at it next; at once without. Nothing looks at an end. */
  dueAt?: Date;
  /** When the next job runs; at `dueAt` without, later where somebody is at it already. */
  jobAt?: Date;
  supersededBy?: string;
  overridden?: boolean;
  declaredRevision?: string;
  /** It rests on what gates said, so anything new makes it void. */
  unlessNews?: boolean;
}

/**
 * One transition: the row is moved on if it is as it was read, and with it, in the same
 * transaction, come the entry in its history, the audit entry, the event, the next job, and
 * at an end what people are to be told.
 *
 * @returns false when something else happened in between, or the event cannot happen there
 */
export async function transit(
  stores: Stores,
  was: StoredPromotion,
  step: Step,
): Promise<boolean> {
  const { promotion } = was;
  const { id, component, environment } = promotion;
  const phase = nextPhase(promotion.phase, step.event);
  if (!phase) {
    return false;
  }
  const ends = isEnd(phase);
  const reason = step.reason.slice(0, MOST_REASON_CHARACTERS);
  const dueAt = step.dueAt ?? step.at;
  const moved = await stores.promotions.move(was, {
    phase,
    reason,
    at: step.at,
    ...(!ends && { dueAt }),
    ...(step.supersededBy && { supersededBy: step.supersededBy }),
    ...(step.overridden && { overridden: true }),
    ...(step.declaredRevision && { declaredRevision: step.declaredRevision }),
    unlessNews: step.unlessNews ?? false,
  });
  if (!moved) {
    return false;
  }
  const revision = promotion.revision + 1;
  await stores.history.addTransition(id, {
    // the request was the first
    sequence: revision + 1,
    from: promotion.phase,
    to: phase,
    event: step.event,
    reason,
    by: step.by.ref,
    at: step.at,
  });
  await appendAudit(stores.transaction, {
    chain: stores.tenant,
    act: transitionActs[step.event],
    context: step.by.context,
    subject: { kind: 'promotion', ref: id },
    outcome: wentWrong.has(phase) ? 'failed' : 'succeeded',
    reason,
    details: {
      component,
      environment,
      release: promotion.release.id,
      from: promotion.phase,
      to: phase,
      ...(promotion.subject && { subject: promotion.subject }),
    },
  });
  await stores.history.addEvent(
    { type: 'promotion', id, component, environment, phase, revision },
    step.at,
  );
  if (!ends) {
    await enqueueAdvance(stores, id, step.jobAt ?? dueAt);
    return true;
  }
  if (isEndNews(promotion, phase)) {
    await stores.notices.add({
      kind: 'end',
      key: `end ${id}`,
      component,
      environment,
      promotion: id,
      madeAt: step.at,
    });
  }
  if (isActing(promotion.phase)) {
    for (const next of await stores.promotions.wakeTarget(
      { component, environment },
      step.at,
    )) {
      await enqueueAdvance(stores, next, step.at);
    }
  }
  return true;
}

/** Has a promotion looked at; one job per promotion waits at most. */
export async function enqueueAdvance(
  stores: Stores,
  id: string,
  runAt: Date,
): Promise<void> {
  await enqueue(stores.transaction, ADVANCE_TASK, { id }, { key: id, runAt });
}
