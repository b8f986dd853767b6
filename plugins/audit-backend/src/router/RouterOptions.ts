import { type LoggerService } from '@backstage/backend-plugin-api';
import { type PorticoDatabase } from '@portico/database';
import { type ErasureService } from '../erasure/ErasureService';
import { type ChainQuery } from '../query/ChainQuery';
import { type EntryQuery } from '../query/EntryQuery';
import { type ProofQuery } from '../query/ProofQuery';
import { type EntryExport } from '../export/EntryExport';
import { type LiveTail } from '../tail/LiveTail';
import { type AuditAccess } from './AuditAccess';

/** What the audit's routes work with. */
export interface RouterOptions {
  database: PorticoDatabase;
  logger: LoggerService;
  /** First part of each checkpoint's first line. */
  origin: string;
  access: AuditAccess;
  entries: EntryQuery;
  chains: ChainQuery;
  proofs: ProofQuery;
  exports: EntryExport;
  tail: LiveTail;
  erasures: Pick<ErasureService, 'erase'>;
}
