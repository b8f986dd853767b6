import { type ChainState } from '@portico/plugin-audit-common';

/**
 * How an external place does: it has all, waits for the first checkpoint, is some
 * entries behind, or fails.
 */
export type PlaceState = 'current' | 'empty' | 'behind' | 'failing' | 'none';

type Place = ChainState['anchors'][number];

/** How one place does that should hold the newest checkpoint. */
export function placeState(place: Place, chain: ChainState): PlaceState {
  if (place.failingSince !== undefined) {
    return 'failing';
  }
  if (!chain.checkpoint) {
    return 'empty';
  }
  return place.size >= chain.checkpoint.size ? 'current' : 'behind';
}

/** The worst among the places of a chain; `none` where none is set up. */
export function worstPlace(chain: ChainState): PlaceState {
  const states = chain.anchors.map(place => placeState(place, chain));
  const worst = (['failing', 'behind', 'empty', 'current'] as const).find(
    state => states.includes(state),
  );
  return worst ?? 'none';
}
