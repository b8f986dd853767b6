import { type JsonObject } from '@backstage/types';
import { canonicalJson } from '@portico/plugin-audit-common';
import { type GateResult } from '@portico/plugin-promotions-common';
import { contentDigest } from '@portico/plugin-promotions-node';

const MOST_BYTES = 8 * 1024;
/** What is kept of evidence that is too large: JSON in JSON grows by its quotes. */
const KEPT_BYTES = 3 * 1024;

/**
 * Evidence as it is kept, and its digest. What is larger than 8 KiB is cut: its beginning,
 * its size and the digest of the whole are kept instead, and it says so.
 */
export function boundEvidence(
  evidence: JsonObject,
): Pick<GateResult, 'evidence' | 'evidenceDigest'> {
  const whole = canonicalJson(evidence);
  const bytes = Buffer.byteLength(whole);
  if (bytes <= MOST_BYTES) {
    return { evidence: plain(whole), evidenceDigest: contentDigest(whole) };
  }
  const kept = {
    cut: true,
    note: `Cut: it had ${bytes} bytes, ${MOST_BYTES} are kept at most.`,
    bytes,
    digestOfWhole: contentDigest(whole),
    beginning: beginningOf(whole),
  };
  return { evidence: kept, evidenceDigest: contentDigest(canonicalJson(kept)) };
}

/** Whole characters only. */
function beginningOf(text: string): string {
  return Buffer.from(text)
    .subarray(0, KEPT_BYTES)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
}

/** Without what JSON does not carry. */
function plain(json: string): GateResult['evidence'] {
  return JSON.parse(json);
}
