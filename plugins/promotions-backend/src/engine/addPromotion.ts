import { ConflictError } from '@backstage/errors';
import { appendAudit } from '@portico/plugin-audit-node';
import {
  durationMilliseconds,
  type FrozenStage,
  frozenStageSchema,
  isActing,
  type Promotion,
  type PromotionKind,
  type Release,
} from '@portico/plugin-promotions-common';
import { type PromotionActor } from '@portico/plugin-promotions-node';
import { promotionsAuditActs } from '../auditActs';
import { type Stores } from '../store/openStores';
import { type ResolvedStage } from './EngineParts';
import { newPromotionId } from './newPromotionId';
import { enqueueAdvance, transit } from './transit';

/** What is asked for, with the stage as the pipeline says now. */
export interface Wish {
  component: string;
  release: Release;
  kind: PromotionKind;
  stage: ResolvedStage;
  automatic: boolean;
  /** Where its id has to be known before. */
  id?: string;
  /** The same key again is the same promotion. */
  key?: string;
  comment?: string;
}

/**
 * Makes a promotion in the transaction of the stores: freezes its stage, and takes the
 * place of older ones to the same target that have not begun.
 *
 * @throws ConflictError when the key was used for something else
 */
export async function addPromotion(
  stores: Stores,
  wish: Wish,
  by: PromotionActor,
  at: Date,
): Promise<Promotion> {
  const { component, release, kind, stage } = wish;
  const target = { component, environment: stage.name };
  const requestKey = wish.key && `${by.ref} ${wish.key}`;
  await stores.promotions.lockTarget(target);
  const same = requestKey
    ? await stores.promotions.findByKey(requestKey)
    : undefined;
  if (same) {
    return sameWish(same.promotion, wish);
  }
  const id = wish.id ?? newPromotionId(at);
  const before = await stores.deployments.current(target);
  await stores.promotions.add({
    id,
    ...target,
    kind,
    release: release.id,
    ...(before?.release && { before: before.release }),
    reason: 'Its gates are asked in a moment',
    requestedBy: by.ref,
    automatic: wish.automatic,
    requestedAt: at,
    ...(wish.comment && { comment: wish.comment }),
    stage: frozen(stage, kind),
    expiresAt: new Date(
      at.getTime() + durationMilliseconds(stage.expiresAfter),
    ),
    sample: false,
    ...(requestKey && { requestKey }),
  });
  await stores.history.addTransition(id, {
    sequence: 1,
    to: 'pending',
    event: 'request',
    reason: wish.automatic ? 'Asked for by the pipeline' : 'Asked for',
    by: by.ref,
    at,
  });
  await appendAudit(stores.transaction, {
    chain: stores.tenant,
    act: promotionsAuditActs.requestPromotion,
    context: by.context,
    subject: { kind: 'promotion', ref: id },
    correlation: id,
    details: {
      ...target,
      release: release.id,
      kind,
      automatic: wish.automatic,
    },
  });
  await stores.history.addEvent(
    { type: 'promotion', id, ...target, phase: 'pending', revision: 0 },
    at,
  );
  await supersede(stores, { id, ...target }, by, at);
  await enqueueAdvance(stores, id, at);
  const added = await stores.promotions.get(id);
  if (!added) {
    throw new Error(`The promotion ${id} is gone in its own transaction`);
  }
  return added.promotion;
}

async function supersede(
  stores: Stores,
  newer: { id: string; component: string; environment: string },
  by: PromotionActor,
  at: Date,
): Promise<void> {
  for (const older of await stores.promotions.openOf(newer)) {
    if (older.promotion.id === newer.id || isActing(older.promotion.phase)) {
      continue;
    }
    const locked = await stores.promotions.getLocked(older.promotion.id);
    if (locked && !isActing(locked.promotion.phase)) {
      await transit(stores, locked, {
        event: 'supersede',
        reason: 'A newer promotion to the same environment takes its place',
        at,
        by,
        supersededBy: newer.id,
      });
    }
  }
}

function sameWish(promotion: Promotion, wish: Wish): Promotion {
  if (
    promotion.component !== wish.component ||
    promotion.environment !== wish.stage.name ||
    promotion.release.id !== wish.release.id ||
    promotion.kind !== wish.kind
  ) {
    throw new ConflictError(
      `The key was used for another promotion, ${promotion.id}: take a new key`,
    );
  }
  return promotion;
}

/** What the promotion keeps of its stage, whatever the pipeline becomes. */
function frozen(stage: ResolvedStage, kind: PromotionKind): FrozenStage {
  return frozenStageSchema.parse({
    ...stage,
    gates: kind === 'rollback' ? stage.rollbackGates : stage.gates,
  });
}
