import { type Release } from '@portico/plugin-promotions-common';
import { type PromotionActor } from '@portico/plugin-promotions-node';
import { type Stores } from '../store/openStores';
import { addPromotion } from './addPromotion';
import { type ResolvedPipeline, type ResolvedStage } from './EngineParts';

/**
 * The stage that a release enters by itself: the first one when it was announced, or the
 * one after an environment that it reached. Protected ones wait for a person.
 */
export function automaticStage(
  pipeline: ResolvedPipeline,
  reached: string | undefined,
): ResolvedStage | undefined {
  const index = reached
    ? pipeline.stages.findIndex(({ name }) => name === reached) + 1
    : 0;
  const stage =
    reached !== undefined && index === 0 ? undefined : pipeline.stages[index];
  return stage?.automatic && !stage.environment.protected ? stage : undefined;
}

/**
 * Brings a release into a stage by itself, unless automation is held there, somebody is
 * rolling back, or it ran there before: only what is new moves on, and no sample does.
 */
export async function promoteAutomatically(
  stores: Stores,
  wish: { component: string; release: Release; stage: ResolvedStage },
  cause: { key: string; by: PromotionActor; at: Date },
): Promise<void> {
  const { component, release, stage } = wish;
  const target = { component, environment: stage.name };
  if (release.rejected || release.sample || (await stores.holds.open(target))) {
    return;
  }
  if (await stores.deployments.everRan(target, release.id)) {
    return;
  }
  const open = await stores.promotions.openOf(target);
  if (open.some(({ promotion }) => promotion.kind === 'rollback')) {
    return;
  }
  await addPromotion(
    stores,
    {
      component,
      release,
      kind: 'promote',
      stage,
      automatic: true,
      key: `automatic ${cause.key} ${stage.name}`,
    },
    cause.by,
    cause.at,
  );
}
