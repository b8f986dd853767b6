import {
  gateOutcomeSchema,
  type GateResult,
} from '@portico/plugin-promotions-common';
import { type Knex } from 'knex';
import { z } from 'zod';

const rowSchema = z.object({
  gate: z.string(),
  kind: z.string(),
  required_by: z.string(),
  outcome: gateOutcomeSchema,
  reason: z.string(),
  evidence: z.record(z.string(), z.json()),
  evidence_digest: z.string(),
  subject: z.string(),
  evaluated_at: z.date(),
  since: z.date(),
  valid_until: z.date().nullable(),
});

/** What gates said, of one tenant and in one transaction. */
export class GateResultStore {
  readonly #transaction: Knex.Transaction;
  readonly #tenant: string;

  constructor(transaction: Knex.Transaction, tenant: string) {
    this.#transaction = transaction;
    this.#tenant = tenant;
  }

  /** The last word of each gate, by its name. */
  async newestOf(promotion: string): Promise<GateResult[]> {
    const { rows } = await this.#transaction.raw(
      `select distinct on (gate) gate, kind, required_by, outcome, reason, evidence,
              evidence_digest, subject, evaluated_at, since, valid_until
         from portico_promotions.gate_results
        where tenant = ? and promotion = ? order by gate, sequence desc`,
      [this.#tenant, promotion],
    );
    return z.array(rowSchema).parse(rows).map(toGateResult);
  }

  async add(
    promotion: string,
    results: ReadonlyArray<GateResult & { askAgainAt?: string }>,
  ): Promise<void> {
    if (results.length === 0) {
      return;
    }
    await this.#transaction('portico_promotions.gate_results').insert(
      results.map(result => ({
        tenant: this.#tenant,
        promotion,
        ...gateResultColumns(result),
        valid_until: result.validUntil ?? null,
        ask_again_at: result.askAgainAt ?? null,
      })),
    );
  }
}

/** What a gate said, by column. */
export function gateResultColumns(result: Omit<GateResult, 'validUntil'>) {
  return {
    gate: result.gate,
    kind: result.kind,
    required_by: result.requiredBy,
    outcome: result.outcome,
    reason: result.reason,
    evidence: JSON.stringify(result.evidence),
    evidence_digest: result.evidenceDigest,
    subject: result.subject,
    evaluated_at: result.evaluatedAt,
    since: result.since,
  };
}

function toGateResult(row: z.infer<typeof rowSchema>): GateResult {
  return {
    gate: row.gate,
    kind: row.kind,
    requiredBy: row.required_by,
    outcome: row.outcome,
    reason: row.reason,
    evidence: row.evidence,
    evidenceDigest: row.evidence_digest,
    subject: row.subject,
    evaluatedAt: row.evaluated_at.toISOString(),
    since: row.since.toISOString(),
    ...(row.valid_until && { validUntil: row.valid_until.toISOString() }),
  };
}
