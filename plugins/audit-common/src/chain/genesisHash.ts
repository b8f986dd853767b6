import { sha256 } from './sha256';

/**
 * What the first entry of a chain names as the hash before it. It ties the chain to its
 * portal and name, so that no chain can pass for another.
 *
 * @param origin - name of the portal's log, as in its checkpoints
 */
export function genesisHash(origin: string, chain: string): Buffer {
  return sha256(`portico-audit/v1\n${origin}/${chain}\n`);
}
