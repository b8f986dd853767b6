import { z } from 'zod';
import { digestSchema } from '../digest';
import { chainSchema } from '../entry';
import { BLOCK_SIZE } from './CompactRange';

/** First line of a bundle: what it is of, and what was cut off its front. */
export const bundleHeaderSchema = z.strictObject({
  type: z.literal('bundle'),
  version: z.literal(1),
  origin: z.string().min(1).max(250),
  chain: chainSchema,
  /** All entries that are kept, or those that a filter let through. */
  kind: z.enum(['complete', 'selection']),
  exportedAt: z.iso.datetime(),
  filter: z.record(z.string(), z.unknown()),
  /** Entries of the chain at the time of the export, pruned ones included. */
  size: z.number().int().nonnegative(),
  /** Missing where nothing was pruned. */
  base: z
    .strictObject({
      /** The last entry that was pruned. */
      sequence: z.number().int().positive().multipleOf(BLOCK_SIZE),
      /** Its hash. */
      head: digestSchema,
      /** Roots of the pruned blocks of 256 entries, in base64. */
      nodes: z.array(z.base64().length(44)),
    })
    .optional(),
});
export type BundleHeader = z.infer<typeof bundleHeaderSchema>;

/** A key that signed checkpoints; oldest first. */
export const bundleKeySchema = z.strictObject({
  type: z.literal('key'),
  key: z.string().max(500),
  /** The note in which the key before introduces it; missing for a root of trust. */
  introduction: z.string().max(10_000).optional(),
});

/** A signed checkpoint; smallest first. */
export const bundleCheckpointSchema = z.strictObject({
  type: z.literal('checkpoint'),
  note: z.string().max(10_000),
});

/** Shows that the entry of the line before is in the tree of the newest checkpoint. */
export const bundleProofSchema = z.strictObject({
  type: z.literal('proof'),
  sequence: z.number().int().positive(),
  size: z.number().int().positive(),
  /** From the leaf up, in base64. */
  hashes: z.array(z.base64().length(44)).max(64),
});

/** Opens a commitment of an entry. */
export const bundleDisclosureSchema = z.strictObject({
  type: z.literal('disclosure'),
  commitment: digestSchema,
  /** Ref of the person whom it is about. */
  of: z.string().max(300),
  salt: z.base64().max(200),
  value: z.string().max(4_000),
});

/** Last line of a bundle; without it the bundle was not written to its end. */
export const bundleEndSchema = z.strictObject({
  type: z.literal('end'),
  /** Lines of entries above. */
  entries: z.number().int().nonnegative(),
  /** Lines of disclosures above. */
  disclosures: z.number().int().nonnegative(),
});

/** A line of a bundle that is no entry. Entries stand as they are, without a type. */
export const bundleLineSchema = z.discriminatedUnion('type', [
  bundleHeaderSchema,
  bundleKeySchema,
  bundleCheckpointSchema,
  bundleProofSchema,
  bundleDisclosureSchema,
  bundleEndSchema,
]);
export type BundleLine = z.infer<typeof bundleLineSchema>;

/** What each such line begins with, so that it is told from an entry at a glance. */
export const BUNDLE_LINE_START = '{"type":"';

/** Writes a line of a bundle that is no entry; entries are written as they are kept. */
export function formatBundleLine(line: BundleLine): string {
  // `type` comes first: see BUNDLE_LINE_START.
  const { type, ...fields } = line;
  return JSON.stringify({ type, ...fields });
}
