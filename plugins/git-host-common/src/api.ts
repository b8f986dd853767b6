import { z } from 'zod';
import { commitSchema, repositorySchema, treeEntrySchema } from './repository';

/** Answer of `GET /repositories?tenant=`. */
export const repositoryListSchema = z.object({
  items: z.array(repositorySchema),
});
export type RepositoryList = z.infer<typeof repositoryListSchema>;

/** Answer of `GET /repositories/:tenant/:repository/tree?ref=&path=`. */
export const treeSchema = z.object({
  /** The branch or commit that was asked for. */
  ref: z.string(),
  /** What it stands for now. */
  commit: z.string(),
  path: z.string(),
  /** Folders first, by name. */
  entries: z.array(treeEntrySchema),
});
export type Tree = z.infer<typeof treeSchema>;

/** Answer of `GET /repositories/:tenant/:repository/file?ref=&path=`. */
export const fileContentSchema = z.object({
  path: z.string(),
  /** Bytes. */
  size: z.number().int().nonnegative(),
  /** `utf-8` where the bytes are valid UTF-8 text, else `base64`. */
  encoding: z.enum(['utf-8', 'base64']),
  content: z.string(),
});
export type FileContent = z.infer<typeof fileContentSchema>;

/** Answer of `GET /repositories/:tenant/:repository/commits?ref=&limit=`. */
export const commitListSchema = z.object({ items: z.array(commitSchema) });
export type CommitList = z.infer<typeof commitListSchema>;
