import { z } from 'zod';

/**
 * Name of a repository inside its tenant: lower-case letters, digits, dots,
 * hyphens and underscores; it neither begins nor ends with a mark nor ends in `.git`.
 */
export const repositoryNameSchema = z
  .string()
  .max(100)
  .regex(
    /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/,
    'must be lower-case letters, digits and inner dots, hyphens or underscores',
  )
  .refine(name => !name.endsWith('.git') && !name.includes('..'), {
    error: 'must not end in .git nor contain two dots in a row',
  });

/** Name of the repository that only Portico and the platform write. */
export const DEPLOYMENTS_REPOSITORY = 'deployments';

export const repositorySchema = z.object({
  tenant: z.string(),
  name: repositoryNameSchema,
  description: z.string(),
  defaultBranch: z.string(),
  /** Commit of the default branch; absent while the repository is empty. */
  head: z.string().optional(),
  /** Address for `git clone`. */
  cloneUrl: z.url(),
  /** Address of the page for people. */
  webUrl: z.url(),
});
export type Repository = z.infer<typeof repositorySchema>;

/** An entry of a folder in a repository. */
export const treeEntrySchema = z.object({
  /** From the root of the repository. */
  path: z.string(),
  kind: z.enum(['file', 'folder', 'symlink', 'submodule']),
  /** Bytes; for files only. */
  size: z.number().int().nonnegative().optional(),
});
export type TreeEntry = z.infer<typeof treeEntrySchema>;

/** A commit as a list shows it. */
export const commitSchema = z.object({
  id: z.string(),
  /** First line of the message. */
  subject: z.string(),
  authorName: z.string(),
  authorEmail: z.string(),
  /** When it was committed, ISO 8601. */
  committedAt: z.iso.datetime({ offset: true }),
  /** Git trailers such as `Portico-Task`, as written. */
  trailers: z.record(z.string(), z.string()),
});
export type Commit = z.infer<typeof commitSchema>;
