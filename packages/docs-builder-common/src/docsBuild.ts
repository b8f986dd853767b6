import { z } from 'zod';

/** Name of the file beside the published pages that tells how their build went. */
export const docsBuildFile = 'portico-build.json';

/**
 * Where the build of an entity's documentation stands.
 *
 * - `waiting`, `building`: it is on its way; what was published before stays
 * - `succeeded`: the pages are those of `commit`
 * - `failed`: this commit could not be built; `reason` and `log` say why
 * - `unavailable`: nothing can be built on this machine; `reason` says what is missing
 */
export const docsBuildStates = [
  'waiting',
  'building',
  'succeeded',
  'failed',
  'unavailable',
] as const;

/** How the build of an entity's documentation went, as it lies beside the pages. */
export const docsBuildSchema = z.object({
  state: z.enum(docsBuildStates),
  /** Repository that the pages come from, such as `aurora/checkout`. */
  repository: z.string(),
  /** The commit that is or was built. */
  commit: z.string(),
  at: z.iso.datetime(),
  /** Seconds that the build took. */
  seconds: z.number().optional(),
  /** Why there are no pages, in one sentence. */
  reason: z.string().optional(),
  /** What MkDocs printed last. */
  log: z.string().optional(),
  /** What of `mkdocs.yml` was left out, and why. */
  notes: z.array(z.string()).optional(),
  /** What the pages were made from; the same again needs no build. */
  fingerprint: z.string().optional(),
});
export type DocsBuild = z.infer<typeof docsBuildSchema>;
