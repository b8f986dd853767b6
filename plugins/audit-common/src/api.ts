import { z } from 'zod';
import { actNameSchema, auditOutcomeSchema, auditSeveritySchema } from './act';
import { digestSchema } from './digest';
import { auditEntrySchema, chainSchema } from './entry';

const instant = z.iso.datetime({ offset: true });

/** What to look for; all conditions count together. */
export const auditFilterSchema = z.strictObject({
  /** One chain; all that the caller may read unless told. */
  chain: chainSchema.optional(),
  /** Ref of the actor, or of whom somebody acted for. */
  actor: z.string().min(1).max(300).optional(),
  /** A whole name, or the first words of it followed by `.*`. */
  act: z
    .string()
    .regex(/^[a-z][a-z0-9.-]{0,99}(\.\*)?$/)
    .optional(),
  /** Ref or name of the subject. */
  subject: z.string().min(1).max(1_000).optional(),
  outcome: auditOutcomeSchema.optional(),
  /** This severity or more. */
  severity: auditSeveritySchema.optional(),
  requestId: z.string().min(1).max(100).optional(),
  /** Joins an act that was started with the entry that tells its end. */
  correlation: z.string().min(1).max(100).optional(),
  /** From this instant on. */
  from: instant.optional(),
  /** Before this instant. */
  to: instant.optional(),
  /** Words that all occur; quotes keep words together, `-` excludes one. */
  text: z.string().min(1).max(200).optional(),
});
export type AuditFilter = z.infer<typeof auditFilterSchema>;

/** A page of entries is asked for with a filter, a cursor and a size. */
export const auditQuerySchema = auditFilterSchema.extend({
  cursor: z.string().min(1).max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type AuditQuery = z.infer<typeof auditQuerySchema>;

/**
 * An entry for reading: as it stands in the chain, with its hash, and with what the
 * caller may know of the personal data in it.
 */
export const auditEntryViewSchema = z.object({
  entry: auditEntrySchema,
  hash: digestSchema,
  /**
   * Commitment → value. What is missing was erased, or is about people whom the
   * caller may not know (the platform's, for a tenant).
   */
  disclosed: z.record(digestSchema, z.string()),
  /** Commitments of the entry whose person was erased. */
  erased: z.array(digestSchema),
});
export type AuditEntryView = z.infer<typeof auditEntryViewSchema>;

/** One page, newest first. */
export const auditPageSchema = z.object({
  items: z.array(auditEntryViewSchema),
  /** Hand it over to read on; missing at the end. */
  nextCursor: z.string().optional(),
});
export type AuditPage = z.infer<typeof auditPageSchema>;

/** How an external place does that keeps checkpoints. */
export const anchorStateSchema = z.object({
  /** Name of the destination in the configuration. */
  destination: z.string(),
  type: z.enum(['file', 's3', 'git']),
  /** Size of the last checkpoint that is there; 0 when none is. */
  size: z.number().int().nonnegative(),
  deliveredAt: instant.optional(),
  /** Since when deliveries fail, and why; in words without secrets. */
  failingSince: instant.optional(),
  failure: z.string().optional(),
});

/** A signed checkpoint. */
export const checkpointViewSchema = z.object({
  chain: chainSchema,
  /** Number of entries that it covers. */
  size: z.number().int().positive(),
  /** The signed note in the C2SP tlog-checkpoint text form. */
  note: z.string(),
  createdAt: instant,
});
export type CheckpointView = z.infer<typeof checkpointViewSchema>;

/** Checkpoints of a chain, newest first. */
export const checkpointPageSchema = z.object({
  items: z.array(checkpointViewSchema),
  /** Hand it over to read on; missing at the end. */
  nextCursor: z.string().optional(),
});
export type CheckpointPage = z.infer<typeof checkpointPageSchema>;

const proofHashes = z.array(z.base64());

/** Shows that an entry is in the tree of a size (RFC 9162, 2.1.3). */
export const inclusionProofSchema = z.object({
  chain: chainSchema,
  /** The entry; the leaf's index is one less. */
  sequence: z.number().int().positive(),
  size: z.number().int().positive(),
  /** From the leaf up, in base64. */
  hashes: proofHashes,
});
export type InclusionProof = z.infer<typeof inclusionProofSchema>;

/** Shows that the tree of one size begins that of another (RFC 9162, 2.1.4). */
export const consistencyProofSchema = z.object({
  chain: chainSchema,
  from: z.number().int().positive(),
  to: z.number().int().positive(),
  hashes: proofHashes,
});
export type ConsistencyProof = z.infer<typeof consistencyProofSchema>;

/** How a chain does. */
export const chainStateSchema = z.object({
  chain: chainSchema,
  /** Number of entries, pruned ones included. */
  size: z.number().int().nonnegative(),
  /** Sequence of the oldest entry that is still kept; later entries all are. */
  oldest: z.number().int().positive(),
  /** Acts that wait for the relay. */
  waiting: z.number().int().nonnegative(),
  lastEntryAt: instant.optional(),
  checkpoint: checkpointViewSchema.optional(),
  anchors: z.array(anchorStateSchema),
  /** Days that entries are kept; for ever where it is missing. */
  retentionDays: z.number().int().positive().optional(),
});
export type ChainState = z.infer<typeof chainStateSchema>;

/** All chains that the caller may read, the platform's first. */
export const chainListSchema = z.object({
  items: z.array(chainStateSchema),
  /** Verifier keys that sign checkpoints, newest first, in the note form. */
  keys: z.array(z.string()),
  /** Notes in which a key introduces the next one, oldest first. */
  introductions: z.array(z.string()).optional(),
  /** First part of each checkpoint's first line. */
  origin: z.string(),
});
export type ChainList = z.infer<typeof chainListSchema>;

/** A kind of act that occurs in the chains that the caller may read. */
export const actListSchema = z.object({ items: z.array(actNameSchema) });
export type ActList = z.infer<typeof actListSchema>;

/** The wish to erase a person from one chain. */
export const erasureRequestSchema = z.strictObject({
  chain: chainSchema,
  /** Ref of a person who is no member any more, `user:<tenant>/<name>`. */
  person: z.string().regex(/^user:[^/\s]+\/[^/\s]+$/),
  reason: z.string().trim().min(3).max(1_000),
});
export type ErasureRequest = z.infer<typeof erasureRequestSchema>;

export const erasureResultSchema = z.object({
  /** How many personal data lost their salt and value. */
  erased: z.number().int().nonnegative(),
});
export type ErasureResult = z.infer<typeof erasureResultSchema>;
