import { z } from 'zod';
import {
  commitIdSchema,
  componentRefSchema,
  digestSchema,
  instantSchema,
} from './names';

/** Name of an image without tag and digest, `registry.example/shop/checkout`. */
export const imageNameSchema = z
  .string()
  .min(1)
  .max(255)
  .regex(
    /^[a-z0-9]+(?:[._:/-]+[a-z0-9]+)*$/,
    'must be the name of an image, without tag and digest',
  );

/** What one component ships, and nothing about when or by whom it was announced. */
export const releaseContentSchema = z.strictObject({
  component: componentRefSchema,
  /** What people call it, `1.4.2`. */
  version: z.string().trim().min(1).max(128),
  images: z
    .array(
      z.strictObject({
        name: imageNameSchema,
        digest: digestSchema,
        /** For people; what runs is the digest. */
        tag: z.string().min(1).max(128).optional(),
      }),
    )
    .max(50),
  charts: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(255),
        version: z.string().min(1).max(128),
        repository: z.url().optional(),
      }),
    )
    .max(20)
    .default([]),
  /** The commit that it was built from. */
  source: z
    .strictObject({
      /** Address of the repository that people and `git` know. */
      repository: z.string().min(1).max(500),
      commit: commitIdSchema,
      branch: z.string().min(1).max(250).optional(),
    })
    .optional(),
});
export type ReleaseContent = z.infer<typeof releaseContentSchema>;

/** A release; its id is the SHA-256 of the canonical JSON of its content. */
export const releaseSchema = z.object({
  id: digestSchema,
  content: releaseContentSchema,
  /** Where it was built, for people. */
  origin: z.url().optional(),
  announcedBy: z.string(),
  announcedAt: instantSchema,
  /** How Portico learned of it. */
  found: z.enum(['announced', 'localRuntime', 'deploymentRepository']),
  /** The commit that it was found in, and whom that commit names; nobody announced it. */
  foundIn: z
    .object({
      repository: z.string(),
      commit: z.string(),
      author: z.string(),
      url: z.string(),
    })
    .optional(),
  /** For good: it is never promoted again. */
  rejected: z
    .object({ by: z.string(), at: instantSchema, reason: z.string() })
    .optional(),
  /** Made by the demo, with an injected clock. */
  sample: z.boolean(),
});
export type Release = z.infer<typeof releaseSchema>;
