import { type GateResult } from '@portico/plugin-promotions-common';
import { z } from 'zod';

const evidenceSchema = z.object({
  rules: z.array(z.object({ approvedBy: z.array(z.string()) })),
});

/** Refs of those whose approvals counted, from what the approval gates kept. */
export function approversInEvidence(results: readonly GateResult[]): string[] {
  const approvers = results
    .filter(({ kind }) => kind === 'approval')
    .flatMap(({ evidence }) => {
      const read = evidenceSchema.safeParse(evidence);
      return read.success ? read.data.rules : [];
    })
    .flatMap(({ approvedBy }) => approvedBy);
  return [...new Set(approvers)].sort();
}
