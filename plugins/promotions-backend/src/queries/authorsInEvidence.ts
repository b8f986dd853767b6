import { type GateResult } from '@portico/plugin-promotions-common';
import { z } from 'zod';

const evidenceSchema = z.object({
  excluded: z.array(z.object({ ref: z.string(), why: z.string() })),
});

/** Refs of the members who wrote a commit of it, as approval gates found them last. */
export function authorsInEvidence(
  results: ReadonlyArray<Pick<GateResult, 'kind' | 'evidence'>>,
): string[] {
  const found = results
    .filter(({ kind }) => kind === 'approval')
    .flatMap(({ evidence }) => {
      const parsed = evidenceSchema.safeParse(evidence);
      return parsed.success ? parsed.data.excluded : [];
    })
    .filter(({ why }) => why === 'author')
    .map(({ ref }) => ref);
  return [...new Set(found)];
}
