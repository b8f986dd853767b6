import { repositoryNameSchema } from '@portico/plugin-git-host-common';
import { tenantIdSchema } from '@portico/plugin-tenancy-common';
import { z } from 'zod';
import {
  artefactDigestSchema,
  componentNameSchema,
  environmentNameSchema,
  instantSchema,
  sourceCommitSchema,
} from './names';
import { runIdSchema } from './run';

/** What a successful run announces. Never changes, and there is one per run. */
export const runtimeReleaseSchema = z.object({
  /** Place in the journal: 1, 2, 3, … without a gap. */
  sequence: z.number().int().positive(),
  tenant: tenantIdSchema,
  component: componentNameSchema,
  repository: repositoryNameSchema,
  branch: z.string(),
  commit: sourceCommitSchema,
  /** `version` of `package.json` and the commit: `1.2.0+3f2c1ab`. */
  version: z.string(),
  /** The artefact, as an image: `images[].name` is the component. */
  digest: artefactDigestSchema,
  bytes: z.number().int().nonnegative(),
  /** Per environment, from `portico.yaml`. */
  replicas: z.record(environmentNameSchema, z.number().int().nonnegative()),
  runId: runIdSchema,
  releasedAt: instantSchema,
});
export type RuntimeRelease = z.infer<typeof runtimeReleaseSchema>;

/** Query of `GET /v1/releases`. */
export const releaseListQuerySchema = z.strictObject({
  /** `cursor` of the answer before; 0 is the beginning. */
  after: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(200).default(100),
  /** Waits this long for a release when there is none yet. */
  waitSeconds: z.coerce.number().int().min(0).max(25).default(0),
});
export type ReleaseListQuery = z.infer<typeof releaseListQuerySchema>;

/** Answer to `GET /v1/releases`: oldest first. */
export const releaseListSchema = z.object({
  /** Names this journal; another one means that the runtime began from nothing. */
  journal: z.string(),
  items: z.array(runtimeReleaseSchema),
  /** Asks for what comes after. */
  cursor: z.number().int().nonnegative(),
});
export type ReleaseList = z.infer<typeof releaseListSchema>;
