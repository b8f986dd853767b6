import { type Release } from '@portico/plugin-promotions-common';
import { type Stores } from '../store/openStores';
import { type StoredPromotion } from '../store/toPromotion';

/** What a pipeline brings back by itself, or why it brings back nothing. */
export type WayBack =
  | { found: true; release: Release }
  | { found: false; why: string };

/**
 * Looks for the last good release of a target, for a promotion there that went wrong: the one
 * that ran last, unless somebody sees to it already. Nothing older is tried: it is longer
 * since anybody saw that run.
 */
export async function findWayBack(
  stores: Stores,
  { promotion }: StoredPromotion,
): Promise<WayBack> {
  if (promotion.kind === 'rollback') {
    return nothing('it was a rollback');
  }
  const open = await stores.promotions.openOf(promotion);
  if (open.some(one => one.promotion.kind === 'rollback')) {
    return nothing('somebody asked for a rollback already');
  }
  const last = await stores.deployments.current(promotion);
  const release = last?.release && (await stores.releases.get(last.release));
  if (!release) {
    return nothing(
      last
        ? 'what ran there before is no known release'
        : 'nothing ran there before',
    );
  }
  if (release.id === promotion.release.id) {
    return nothing('the same release ran there before');
  }
  return release.rejected
    ? nothing(`${release.content.version}, which ran there before, is rejected`)
    : { found: true, release };
}

function nothing(why: string): WayBack {
  return { found: false, why };
}
