import { z } from 'zod';
import { actNameSchema, auditOutcomeSchema, auditSeveritySchema } from './act';
import { digestSchema } from './digest';
import { commitmentSchema, personalValueSchema } from './personal';

/** Most bytes of the canonical form of one entry. */
export const MAXIMUM_ENTRY_BYTES = 64 * 1024;

/** Name of a chain: the id of a tenant, or `default` for the platform. */
export const chainSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])$/,
    'must be the id of a tenant, or "default" for the platform',
  );

/**
 * - `person`: somebody who signed in
 * - `machine`: a machine of a tenant, `user:<tenant>/bot-<name>`
 * - `plugin`: the portal by itself, `plugin:<id>`
 * - `anonymous`: somebody who did not sign in
 */
export const actorKindSchema = z.enum([
  'person',
  'machine',
  'plugin',
  'anonymous',
]);
export type ActorKind = z.infer<typeof actorKindSchema>;

const text = z.string().min(1).max(1_000);

function entryFields<Personal extends z.ZodType>(personal: Personal) {
  const value = z.union([text, personal]);
  return {
    act: actNameSchema,
    severity: auditSeveritySchema,
    outcome: auditOutcomeSchema,
    /** Who did it. */
    actor: z.strictObject({ kind: actorKindSchema, ref: value.optional() }),
    /** For whom it was done, when somebody else did it. */
    onBehalfOf: value.optional(),
    /** What it was done to: a kind such as `member`, and a ref or name. */
    subject: z.strictObject({
      kind: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
      ref: value,
    }),
    /** The words that somebody gave, or why it was refused. */
    reason: z.union([z.string().min(1).max(4_000), personal]).optional(),
    /** One value per HTTP request, so that entries of one request are found together. */
    requestId: z.string().min(1).max(100).optional(),
    /** Joins `started` with the entry that tells the end. */
    correlation: z.string().min(1).max(100).optional(),
    /** IP address of the caller. */
    sourceAddress: value.optional(),
    /** Digest of the canonical JSON of what was sent. */
    payloadDigest: digestSchema.optional(),
    /** What changed; a side is left out where nothing was or nothing is left. */
    change: z
      .strictObject({
        before: z.record(z.string(), z.json()).optional(),
        after: z.record(z.string(), z.json()).optional(),
      })
      .optional(),
    /** The fields that the act's row in `docs/audit.md` names. */
    details: z.record(z.string(), z.json()).optional(),
  };
}

/** An entry as an act hands it over; personal data are in plain text. */
export const auditDraftSchema = z.strictObject({
  chain: chainSchema,
  ...entryFields(personalValueSchema),
});
export type AuditDraft = z.infer<typeof auditDraftSchema>;

/**
 * An entry as it stands in the chain. Its canonical JSON (RFC 8785) is what is hashed.
 */
export const auditEntrySchema = z.strictObject({
  version: z.literal(1),
  chain: chainSchema,
  /** Position in the chain, from 1, without gaps. */
  sequence: z.number().int().positive(),
  /** Hash of the entry before; of the chain's name for the first. */
  previous: digestSchema,
  /** UUID, given when the act happened. */
  id: z.uuid(),
  /** When the act happened, UTC with milliseconds. */
  occurredAt: z.iso.datetime({ precision: 3 }),
  ...entryFields(commitmentSchema),
});

/** An entry of a chain. */
export type AuditEntry = z.infer<typeof auditEntrySchema>;
