import { z } from 'zod';

/** Topic of the event service that tells of a changed branch in the Git host. */
export const GIT_HOST_PUSH_TOPIC = 'git-host.push';

/** A hint that a branch changed; the reader looks at the repository itself. */
export const gitHostPushSchema = z.object({
  tenant: z.string(),
  repository: z.string(),
  branch: z.string(),
  /** Ref of the user who pushed. */
  pushedBy: z.string(),
});
export type GitHostPush = z.infer<typeof gitHostPushSchema>;
