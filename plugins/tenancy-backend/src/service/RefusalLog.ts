import { type PorticoDatabase } from '@portico/database';
import { type AuditAct } from '@portico/plugin-audit-common';
import {
  type AuditContext,
  type AuditRecord,
  recordAudit,
  RefusalTally,
} from '@portico/plugin-audit-node';
import { PLATFORM_TENANT } from '@portico/plugin-tenancy-common';

/** A refusal that anybody can cause, as often as they like. */
export interface Refusal {
  /** What was tried, where it exists; refusals of it are counted together. */
  known?: { tenant: string; subject: AuditRecord['subject'] };
  /** What was tried, in words, where it does not exist. */
  unknown: AuditRecord['subject'];
  reason: string;
  details?: AuditRecord['details'];
  by: AuditContext;
}

/**
 * Records refusals of what anybody may try, without letting a flood in: those of one
 * known thing are one entry a minute in its tenant's chain, and those of what is unknown
 * one entry a minute and address in the platform's.
 */
export class RefusalLog {
  readonly #act: AuditAct;
  readonly #database: PorticoDatabase;
  readonly #tally: RefusalTally;

  constructor(options: {
    act: AuditAct;
    database: PorticoDatabase;
    now: () => Date;
  }) {
    this.#act = options.act;
    this.#database = options.database;
    this.#tally = new RefusalTally(options);
  }

  async record(refusal: Refusal): Promise<void> {
    const { known, by } = refusal;
    const times = this.#tally.count(
      JSON.stringify(known ?? ['address', by.sourceAddress ?? null]),
    );
    if (times === undefined) {
      return;
    }
    await recordAudit(this.#database, {
      chain: known?.tenant ?? PLATFORM_TENANT,
      act: this.#act,
      context: by,
      subject: known?.subject ?? refusal.unknown,
      outcome: 'refused',
      reason: refusal.reason,
      details: { ...refusal.details, times },
    });
  }
}
