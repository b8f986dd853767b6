import { type ChainState } from '@portico/plugin-audit-common';
import { type EntryPlace } from '../api/AuditApi';

/** What vouches for an entry. */
export interface Anchor {
  /** Entries that the checkpoint covers. */
  size: number;
  signedAt: string;
  /** External places that hold a checkpoint over the entry, and since when at the latest. */
  places: { destination: string; type: string; deliveredAt?: string }[];
}

/**
 * What vouches for an entry: the newest checkpoint covers all before it too.
 *
 * @returns undefined when no checkpoint covers it yet
 */
export function anchorOf(
  place: EntryPlace,
  chain: ChainState | undefined,
): Anchor | undefined {
  const checkpoint = chain?.checkpoint;
  if (!chain || !checkpoint || checkpoint.size < place.sequence) {
    return undefined;
  }
  return {
    size: checkpoint.size,
    signedAt: checkpoint.createdAt,
    places: chain.anchors.filter(({ size }) => size >= place.sequence),
  };
}
