import { type ChainState } from '@portico/plugin-audit-common';

/** How an external place does: it has all, is some entries behind, or fails. */
export type PlaceState = 'current' | 'behind' | 'failing' | 'none';

type Place = ChainState['anchors'][number];

/** How one place does that should hold the newest checkpoint. */
export function placeState(place: Place, chain: ChainState): PlaceState {
  if (place.failingSince !== undefined) {
    return 'failing';
  }
  return place.size >= (chain.checkpoint?.size ?? 0) ? 'current' : 'behind';
}

/** The worst among the places of a chain; `none` where none is set up. */
export function worstPlace(chain: ChainState): PlaceState {
  const states = chain.anchors.map(place => placeState(place, chain));
  const worst = (['failing', 'behind', 'current'] as const).find(state =>
    states.includes(state),
  );
  return worst ?? 'none';
}
