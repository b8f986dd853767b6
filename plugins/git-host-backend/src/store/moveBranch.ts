import { ConflictError, InputError } from '@backstage/errors';
import { type RepositoryAddress } from '@portico/plugin-git-host-node';
import { type RefMove } from '../audit/RepositoryAudit';
import { type GitHostLimits } from '../config/readGitHostConfig';
import { GitCommandError, type GitProcesses } from '../git/GitProcesses';
import { type RepositoryStore } from './RepositoryStore';

const NO_COMMIT = '0'.repeat(40);
/** What a commit adds besides its files, about. */
const COMMIT_BYTES = 1_000;

/** What a commit is made with. */
export interface CommitContext {
  store: RepositoryStore;
  processes: GitProcesses;
  limits: GitHostLimits;
  /** Called right before the branch moves; it does not when this throws. */
  beforeMove: (move: RefMove) => Promise<void>;
}

type Branch = RepositoryAddress & {
  branch: string;
  expectedHead: string | undefined;
};

/** @throws InputError when the tenant's repositories have reached their quota */
export async function assertRoom(
  { tenant }: RepositoryAddress,
  { store, limits }: Pick<CommitContext, 'store' | 'limits'>,
): Promise<void> {
  if ((await store.remainingBytes(tenant)) === 0) {
    throw new InputError(
      `The repositories of '${tenant}' have reached the quota of ${limits.tenantBytes} bytes; delete some or ask the platform for more`,
    );
  }
}

/**
 * Moves a branch from the commit where it has to be to another one.
 *
 * @param bytes - of the files that the commit adds
 * @throws ConflictError when somebody else moved it before
 */
export async function moveBranch(
  options: Branch,
  commit: string,
  bytes: number,
  context: CommitContext,
): Promise<void> {
  const { store, processes } = context;
  const ref = `refs/heads/${options.branch}`;
  const before = options.expectedHead ?? NO_COMMIT;
  const gitDirectory = await store.folderOf(options);
  await context.beforeMove({ ref, before, after: commit });
  try {
    await processes.run(
      ['update-ref', '--create-reflog', '-m', 'portico', ref, commit, before],
      { gitDirectory, timeoutMs: 120_000 },
    );
  } catch (error) {
    if (error instanceof GitCommandError) {
      throw someoneWasFirst(options);
    }
    throw error;
  }
  store.addUsage(options.tenant, bytes + COMMIT_BYTES);
}

/** The branch is not where it has to be. */
export function someoneWasFirst(
  options: Omit<Branch, 'expectedHead'>,
): ConflictError {
  return new ConflictError(
    `The branch '${options.branch}' of ${options.tenant}/${options.repository} changed in the meantime; read it again and repeat`,
  );
}
