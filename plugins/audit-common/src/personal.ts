import { z } from 'zod';
import { digestSchema } from './digest';

/**
 * A personal datum as an act hands it over: whose it is, and what it says.
 *
 * It never gets into the chain. The chain carries a salted commitment, and value and
 * salt are kept beside it until the person is erased.
 */
export const personalValueSchema = z.strictObject({
  $personal: z.strictObject({
    /** Ref of the person that the datum is about, such as `user:aurora/kim`. */
    of: z.string().min(1).max(300),
    value: z.string().max(4_000),
  }),
});

/** A personal datum before it is committed. */
export type PersonalValue = z.infer<typeof personalValueSchema>;

/** What the chain carries in place of a personal datum. */
export const commitmentSchema = z.strictObject({
  /** SHA-256 over the salt and the canonical JSON of `{ of, value }`. */
  $personal: digestSchema,
});

/** A salted commitment to a personal datum. */
export type Commitment = z.infer<typeof commitmentSchema>;

/** Marks a text as a personal datum of somebody. */
export function personal(of: string, value: string): PersonalValue {
  return { $personal: { of, value } };
}

/** Tells whether a ref names a person; machines (`bot-…`) and groups are none. */
export function isPersonRef(ref: string): boolean {
  return /^user:[^/]+\/(?!bot-)/.test(ref);
}
