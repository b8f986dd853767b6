import {
  chainListSchema,
  checkpointViewSchema,
  consistencyProofSchema,
} from '@portico/plugin-audit-common';
import {
  type Checkpoint,
  isSameKey,
  openCheckpoint,
  openKeyIntroduction,
  parseBase64,
  readUnverifiedCheckpoint,
  type VerifierKey,
  verifyConsistency,
} from '@portico/plugin-audit-common/chain';
import { describeError } from '../output/describeError';
import { auditPath, type PortalClient } from '../portal/PortalClient';
import { type WitnessContent } from './WitnessFile';

/** What a visit of the portal found out about one chain. */
export interface WitnessedChain {
  chain: string;
  /**
   * - `new`: the first checkpoint of the chain
   * - `grown`: the newest checkpoint continues the kept one
   * - `same`: the newest checkpoint is the kept one
   * - `none`: nothing was signed yet
   * - `refused`: the portal contradicts what was kept, or what it signed
   */
  outcome: 'new' | 'grown' | 'same' | 'none' | 'refused';
  /** Entries that the kept checkpoint covers. */
  before?: number;
  /** Entries that the newest one covers. */
  size?: number;
  /** When the newest one was signed. */
  time?: string;
  /** Why it was refused. */
  reason?: string;
}

type Checked = WitnessedChain & { note?: string };

/**
 * Fetches the newest checkpoint of each chain and checks it against the kept ones.
 * Nothing of the portal is believed: neither its list of keys nor its sizes.
 *
 * @returns what was found out, and what to keep from now on
 */
export async function witnessPortal(
  client: PortalClient,
  kept: WitnessContent['checkpoints'],
  keys: readonly VerifierKey[],
): Promise<{
  chains: WitnessedChain[];
  checkpoints: WitnessContent['checkpoints'];
  /** The trusted keys, and those that they introduced. */
  keys: VerifierKey[];
}> {
  const { items, introductions = [] } = await client.call(
    auditPath`/chains`,
    chainListSchema,
  );
  const trusted = followIntroductions(keys, introductions);
  const offered = new Map(items.map(item => [item.chain, item]));
  const chains: WitnessedChain[] = [];
  const checkpoints = { ...kept };
  for (const chain of new Set([...Object.keys(kept), ...offered.keys()])) {
    const notes = kept[chain] ?? [];
    const newest = notes.at(-1);
    const { note, ...result } = await checkChain({
      client,
      chain,
      keys: trusted,
      kept: newest === undefined ? undefined : readUnverifiedCheckpoint(newest),
      isSigned: offered.get(chain)?.checkpoint !== undefined,
    });
    chains.push(result);
    if (note !== undefined) {
      checkpoints[chain] = [...notes, note];
    }
  }
  return { chains, checkpoints, keys: trusted };
}

/** An introduction that no trusted key signed gives no trust, and is passed over. */
function followIntroductions(
  keys: readonly VerifierKey[],
  introductions: readonly string[],
): VerifierKey[] {
  const trusted = [...keys];
  for (const note of introductions) {
    try {
      const { key } = openKeyIntroduction(note, trusted);
      if (!trusted.some(known => isSameKey(known, key))) {
        trusted.push(key);
      }
    } catch {
      // What such a key signed is refused.
    }
  }
  return trusted;
}

async function checkChain(options: {
  client: PortalClient;
  chain: string;
  keys: readonly VerifierKey[];
  kept: Checkpoint | undefined;
  isSigned: boolean;
}): Promise<Checked> {
  const { client, chain, keys, kept, isSigned } = options;
  if (!kept && !isSigned) {
    return { chain, outcome: 'none' };
  }
  const before = kept && { before: kept.size };
  try {
    // A chain that was kept is asked for even if the portal does not list it.
    const { note } = await client.call(
      auditPath`/checkpoints/${chain}/latest`,
      checkpointViewSchema,
    );
    const { checkpoint } = openCheckpoint(note, keys);
    checkName(checkpoint, chain, kept);
    const { size, time } = checkpoint;
    if (!kept) {
      return { chain, outcome: 'new', size, time, note };
    }
    await checkGrowth(client, kept, checkpoint);
    return size === kept.size
      ? { chain, outcome: 'same', ...before, size, time }
      : { chain, outcome: 'grown', ...before, size, time, note };
  } catch (error) {
    return {
      chain,
      outcome: 'refused',
      ...before,
      reason: describeError(error),
    };
  }
}

function checkName(
  checkpoint: Checkpoint,
  chain: string,
  kept: Checkpoint | undefined,
): void {
  const expected = `${kept?.origin ?? checkpoint.origin}/${chain}`;
  const found = `${checkpoint.origin}/${checkpoint.chain}`;
  if (found !== expected) {
    throw new Error(
      `The portal answered with a checkpoint of ${found} instead of ${expected}`,
    );
  }
}

async function checkGrowth(
  client: PortalClient,
  kept: Checkpoint,
  newest: Checkpoint,
): Promise<void> {
  if (newest.size < kept.size) {
    throw new Error(
      `The chain was rolled back: the newest checkpoint (${newest.time}) covers ${newest.size} entries, the kept one of ${kept.time} covers ${kept.size}`,
    );
  }
  if (newest.size === kept.size) {
    if (!newest.root.equals(kept.root) || newest.head !== kept.head) {
      throw new Error(
        `The chain was forked: the kept checkpoint of ${kept.time} and the newest of ${newest.time} cover ${kept.size} entries each, but not the same ones`,
      );
    }
    return;
  }
  const proof = await client.call(
    `${auditPath`/chains/${newest.chain}/proofs/consistency`}?from=${
      kept.size
    }&to=${newest.size}`,
    consistencyProofSchema,
  );
  // Sizes and chain are ours: what the answer says of them does not count.
  const isConsistent = verifyConsistency({
    from: kept,
    to: newest,
    proof: proof.hashes.map(hash => parseBase64(hash, 32)),
  });
  if (!isConsistent) {
    throw new Error(
      `The portal cannot prove that the ${newest.size} entries of its newest checkpoint (${newest.time}) begin with the ${kept.size} of the kept one of ${kept.time}: the chain was forked or rewritten`,
    );
  }
}
