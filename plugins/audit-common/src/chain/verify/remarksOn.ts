import { type BundleHeader } from '../bundle';
import { type BundleVerifier } from './BundleVerifier';

/** What a verification that found nothing wrong cannot tell. */
export function remarksOn(
  header: BundleHeader,
  verifier: BundleVerifier,
): string[] {
  const { points, counts, confirmed, size } = verifier;
  const remarks: string[] = [];
  if (header.kind === 'selection') {
    remarks.push(
      'A selection does not show which other entries there are: verify a complete bundle for that',
    );
    if (confirmed < counts.entries) {
      remarks.push(
        `${counts.entries - confirmed} of ${
          counts.entries
        } entries are newer than the last checkpoint: nobody signed them yet`,
      );
    }
  } else if (confirmed < size) {
    remarks.push(
      `Entries ${
        confirmed + 1
      } to ${size} are newer than the last checkpoint: nobody signed them yet, and others could have been cut off behind them`,
    );
  }
  if (header.base) {
    remarks.push(
      `Entries 1 to ${header.base.sequence} were pruned: their digests fit what was signed, what they said is gone`,
    );
  }
  if (!points.newestKept) {
    remarks.push(
      'No checkpoint that was kept outside of the portal was given: whoever holds its signing key could have made the whole chain anew, or cut it back to an older checkpoint',
    );
  } else if (header.kind === 'selection') {
    remarks.push(
      'Kept checkpoints of other sizes were not compared: that needs a complete bundle, or portico audit witness',
    );
  } else if (points.newestKept.size < confirmed) {
    remarks.push(
      `Entries behind ${points.newestKept.size}, the newest kept checkpoint, are vouched for by the portal's signature alone`,
    );
  }
  return remarks;
}
