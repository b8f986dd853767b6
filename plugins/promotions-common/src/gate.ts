import { z } from 'zod';
import { digestSchema, gateNameSchema, instantSchema } from './names';

/** The kinds that come with Portico; others are added by modules. */
export const knownGateKinds = [
  'approval',
  'freeze',
  'soak',
  'health',
  'checks',
  'policy',
  'metric',
  'quality',
  'issues',
  'ticket',
  'budget',
  'score',
] as const;

/** A question of a stage, as its pipeline asks it. The options are checked by its module. */
export const gateDeclarationSchema = z.looseObject({
  name: gateNameSchema,
  kind: z.string().regex(/^[a-z][a-zA-Z]{1,39}$/, 'must be the kind of a gate'),
});
export type GateDeclaration = z.infer<typeof gateDeclarationSchema>;

/** A gate of a promotion, frozen when the promotion was made. */
export const frozenGateSchema = z.object({
  name: gateNameSchema,
  kind: z.string(),
  /** As checked by its module. */
  options: z.record(z.string(), z.json()),
  /** The rule that asks for it: ref of the pipeline that declares it. */
  requiredBy: z.string(),
});
export type FrozenGate = z.infer<typeof frozenGateSchema>;

/**
 * `failed` is a no for good, `waiting` a not yet, `unanswered` says that the gate could not
 * tell, which is never a yes; `overridden` was a not yet that break glass went past.
 */
export const gateOutcomeSchema = z.enum([
  'passed',
  'waiting',
  'failed',
  'unanswered',
  'overridden',
]);
export type GateOutcome = z.infer<typeof gateOutcomeSchema>;

/** What a gate said once; never changed afterwards. */
export const gateResultSchema = z.object({
  gate: gateNameSchema,
  kind: z.string(),
  requiredBy: z.string(),
  outcome: gateOutcomeSchema,
  /** One sentence for people. */
  reason: z.string(),
  /** What it looked at; shape by kind. */
  evidence: z.record(z.string(), z.json()),
  evidenceDigest: digestSchema,
  subject: digestSchema,
  evaluatedAt: instantSchema,
  /** Since when it says this without a break. */
  since: instantSchema,
  validUntil: instantSchema.optional(),
});
export type GateResult = z.infer<typeof gateResultSchema>;
