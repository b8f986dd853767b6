import {
  auditEntrySchema,
  type AuditFilter,
  isPersonRef,
  personal,
} from '@portico/plugin-audit-common';
import { type AuditContext, recordAudit } from '@portico/plugin-audit-node';
import { type PorticoDatabase } from '@portico/database';
import { type JsonObject } from '@backstage/types';
import { type ChainQuery } from '../query/ChainQuery';
import { type ReadScope } from '../query/ReadScope';
import { Seats } from '../tail/Seats';
import { auditExportActs } from './auditExportActs';
import { bundleLines } from './bundleLines';
import { csvRecord } from './csv';
import { csvCells, csvColumnNames } from './csvColumns';
import { ExportQuery } from './ExportQuery';

/** A form that entries are exported in. */
export type ExportFormat = 'jsonl' | 'csv';

/** What is exported, and for whom. */
export interface ExportRequest {
  userRef: string;
  context: AuditContext;
  scope: ReadScope;
  format: ExportFormat;
  filter: AuditFilter;
}

/** Exports entries piece by piece: however many they are, few are in memory. */
export class EntryExport {
  readonly #database: PorticoDatabase;
  readonly #chains: ChainQuery;
  readonly #origin: string;
  readonly #now: () => Date;
  readonly #query: ExportQuery;
  readonly #seats = new Seats({ what: 'exports', perUser: 2, inAll: 20 });

  constructor(options: {
    database: PorticoDatabase;
    chains: ChainQuery;
    origin: string;
    now: () => Date;
  }) {
    this.#database = options.database;
    this.#chains = options.chains;
    this.#origin = options.origin;
    this.#now = options.now;
    this.#query = new ExportQuery(options);
  }

  /**
   * Records the export and begins it. The record is in the chain that is exported, in
   * the platform's when it is all of them. Call `end` when it is over, in whatever way.
   *
   * @throws TooManyOpenError when the user exports enough already
   */
  async begin(
    request: ExportRequest,
  ): Promise<{ pieces: AsyncGenerator<string>; end: () => void }> {
    const end = this.#seats.take(request.userRef);
    try {
      await recordAudit(this.#database, {
        chain: request.scope.chain ?? 'default',
        act: auditExportActs.createExport,
        context: request.context,
        subject: { kind: 'chain', ref: request.scope.chain ?? 'all' },
        details: {
          format: request.format,
          filter: recordedFilter(request),
        },
      });
    } catch (error) {
      end();
      throw error;
    }
    return { pieces: this.#pieces(request), end };
  }

  async *#pieces(request: ExportRequest): AsyncGenerator<string> {
    const chains = await this.#query.chains(request.scope);
    switch (request.format) {
      case 'jsonl':
        yield* this.#bundles(request, chains);
        return;
      case 'csv':
        yield* this.#records(request, chains);
        return;
      default: {
        const impossible: never = request.format;
        throw new Error(`Unknown format ${String(impossible)}`);
      }
    }
  }

  async *#bundles({ scope, filter }: ExportRequest, chains: string[]) {
    const keys = await this.#chains.keys(scope);
    for (const chain of chains) {
      yield* bundleLines({
        query: this.#query,
        scope: { ...scope, chain },
        filter: { ...filter, chain },
        origin: this.#origin,
        keys,
        exportedAt: this.#now(),
      });
    }
  }

  async *#records({ scope, filter }: ExportRequest, chains: string[]) {
    yield csvRecord(csvColumnNames);
    for (const chain of chains) {
      const chainScope = { ...scope, chain };
      const extent = await this.#query.extent(chainScope);
      for await (const rows of this.#query.entries(
        chainScope,
        extent,
        filter,
      )) {
        const disclosures = await this.#query.disclosures(chainScope, rows);
        yield rows
          .map(row => {
            const entry = auditEntrySchema.parse(JSON.parse(row.entry));
            return csvRecord(csvCells(row, entry, disclosures));
          })
          .join('');
      }
      await this.#query.checkUnpruned(chainScope, extent);
    }
  }
}

/** The filter as it is recorded: whom or what somebody looked for can name people. */
function recordedFilter({ filter, userRef }: ExportRequest): JsonObject {
  const { actor, subject, text, ...others } = filter;
  const mark = (value: string) =>
    isPersonRef(value) ? personal(value, value) : value;
  return {
    ...others,
    ...(actor === undefined ? {} : { actor: mark(actor) }),
    ...(subject === undefined ? {} : { subject: mark(subject) }),
    ...(text === undefined ? {} : { text: personal(userRef, text) }),
  };
}
