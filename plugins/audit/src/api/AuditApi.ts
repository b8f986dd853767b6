import { createApiRef } from '@backstage/frontend-plugin-api';
import {
  type AuditEntryView,
  type AuditFilter,
  type AuditPage,
  type ChainList,
  type CheckpointPage,
  type ErasureRequest,
} from '@portico/plugin-audit-common';

/** How an export is written. */
export type ExportFormat = 'jsonl' | 'csv';

/** An entry by its place. */
export interface EntryPlace {
  chain: string;
  sequence: number;
}

/** What a live tail tells while it runs. */
export interface TailListener {
  /** It is connected; what happens from now on is told. */
  onOpen(): void;
  onEntry(view: AuditEntryView): void;
  /** The connection broke and is tried again. */
  onRetry(): void;
}

/**
 * The audit backend as the browser sees it.
 *
 * Each method throws a `ResponseError` when the portal refuses: 401 and 403 where the
 * caller may not, 404 where the chain is not the caller's to see.
 */
export interface AuditApi {
  /** One page of entries, newest first. */
  entries(
    filter: AuditFilter,
    page?: { cursor?: string; limit?: number },
  ): Promise<AuditPage>;
  entry(place: EntryPlace): Promise<AuditEntryView>;
  /** Names of the acts that occur. */
  acts(): Promise<string[]>;
  /** The chains that the caller may read, and the keys that sign them. */
  chains(): Promise<ChainList>;
  checkpoints(options: {
    chain: string;
    cursor?: string;
  }): Promise<CheckpointPage>;
  /**
   * Downloads an export into memory.
   *
   * @throws ExportTooLargeError when it is larger than a browser should hold
   */
  export(options: {
    format: ExportFormat;
    filter: AuditFilter;
    signal: AbortSignal;
    onProgress(bytes: number): void;
  }): Promise<Blob>;
  /** @returns how many personal data were erased */
  erase(request: ErasureRequest): Promise<number>;
  /**
   * Tells new entries until the signal aborts; connects again by itself where the
   * connection broke, and goes on after the last entry that it told.
   *
   * @throws ResponseError when the portal refuses
   */
  tail(options: {
    filter: AuditFilter;
    signal: AbortSignal;
    listener: TailListener;
  }): Promise<void>;
}

/** The audit backend. */
export const auditApiRef = createApiRef<AuditApi>().with({
  id: 'plugin.audit.client',
  pluginId: 'audit',
});
