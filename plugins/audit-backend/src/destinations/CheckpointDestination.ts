import { type DestinationConfig } from '../config/readAuditConfig';

/** A signed checkpoint on its way to a place outside of the database. */
export interface CheckpointFile {
  chain: string;
  size: number;
  /** `<chain>/<size padded to 12 digits>.checkpoint`. */
  name: string;
  note: string;
}

/**
 * What became of one checkpoint. A conflict means that the place holds something else
 * under its name; that is never replaced.
 */
export type DeliveryOutcome = 'delivered' | 'conflict';

/** A place outside of the database that keeps checkpoints. */
export interface CheckpointDestination {
  readonly name: string;
  readonly type: DestinationConfig['type'];

  /**
   * Brings checkpoints there; one that is there already counts as delivered. Two at
   * once are safe.
   *
   * @returns one outcome per file
   * @throws Error when the place cannot be used now; its message holds no secret
   */
  deliver(
    files: readonly CheckpointFile[],
    signal: AbortSignal,
  ): Promise<DeliveryOutcome[]>;

  /** Removes what the destination keeps on this machine to do its work. */
  close(): Promise<void>;
}

/** Name of a checkpoint in every destination. */
export function checkpointFileName(chain: string, size: number): string {
  return `${chain}/${String(size).padStart(12, '0')}.checkpoint`;
}
