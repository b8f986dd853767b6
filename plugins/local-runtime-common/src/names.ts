import { z } from 'zod';

/** What the screen calls it. */
export const LOCAL_RUNTIME_NAME = 'local runtime';

/** The file that makes a repository a service of the platform. */
export const PORTICO_FILE = 'portico.yaml';

/** The runtime listens on the portal's port plus this. */
export const RUNTIME_PORT_OFFSET = 10;

/** Environments in the order in which a release passes them. */
export const environmentOrder = ['dev', 'staging', 'prod'] as const;

/** Name of a component: `metadata.name` of `portico.yaml` and of the catalog. */
export const componentNameSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{1,38}[a-z0-9]$/,
    'must be 3 to 40 lower-case letters, digits and inner hyphens, beginning with a letter',
  );

/** Name of an environment: the folder below `<component>/overlays/`. */
export const environmentNameSchema = z
  .string()
  .regex(
    /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
    'must be 1 to 40 lower-case letters, digits and inner hyphens, beginning with a letter',
  );

/** SHA-256 of an artefact as images are named by it: `sha256:<64 hex digits>`. */
export const artefactDigestSchema = z
  .string()
  .regex(
    /^sha256:[0-9a-f]{64}$/,
    'must be "sha256:" and 64 hexadecimal digits',
  );

/** Id of a commit. */
export const commitIdSchema = z
  .string()
  .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'must be the id of a commit');

/** An instant, ISO 8601 in UTC. */
export const instantSchema = z.iso.datetime();

/** A commit as runs and releases show it. */
export const sourceCommitSchema = z.object({
  id: commitIdSchema,
  /** First line of the message. */
  subject: z.string(),
  authorName: z.string(),
  committedAt: instantSchema,
});
export type SourceCommit = z.infer<typeof sourceCommitSchema>;
