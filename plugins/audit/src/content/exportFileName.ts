import { type ExportFormat } from '../api/AuditApi';

/** Name of a downloaded export, such as `audit-aurora-2026-11-21T1405Z.jsonl`. */
export function exportFileName(options: {
  /** All chains unless told. */
  chain?: string;
  format: ExportFormat;
  at: Date;
}): string {
  const moment = options.at.toISOString().slice(0, 16).replace(':', '');
  return `audit-${options.chain ?? 'all'}-${moment}Z.${options.format}`;
}
