import { join, resolve } from 'node:path';
import { ConflictError, InputError } from '@backstage/errors';
import { type CommitOptions } from '@portico/plugin-git-host-node';
import {
  assertRefName,
  assertRepositoryPath,
} from '../address/repositoryAddress';
import { type GitHostLimits } from '../config/readGitHostConfig';
import { type RefMove } from '../audit/RepositoryAudit';
import { type GitObjects } from '../git/GitObjects';
import { GitCommandError, type GitProcesses } from '../git/GitProcesses';
import { inspectFolder } from './inspectFolder';
import { type RepositoryStore } from './RepositoryStore';

const NO_COMMIT = '0'.repeat(40);
/** What a commit adds besides its files, about. */
const COMMIT_BYTES = 1_000;

/**
 * Commits a folder to a branch without a clone: a tree is written straight into
 * the bare repository, then the branch moves from the expected commit to the new one.
 *
 * @returns the commit, and whether the branch moved
 */
export async function commitFolder(
  options: CommitOptions,
  context: {
    store: RepositoryStore;
    processes: GitProcesses;
    objects: GitObjects;
    limits: GitHostLimits;
    /** Called right before the branch moves; it does not when this throws. */
    beforeMove: (move: RefMove) => Promise<void>;
  },
): Promise<{ commit: string; changed: boolean }> {
  const { store, processes, objects, limits } = context;
  const { expectedHead } = options;
  assertRefName(options.branch);
  if (options.overlayPath !== undefined) {
    assertRepositoryPath(options.overlayPath);
  }
  const gitDirectory = await store.folderOf(options);
  const folder = resolve(options.directory);
  const bytes = await inspectFolder(folder, limits);
  if ((await store.remainingBytes(options.tenant)) === 0) {
    throw new InputError(
      `The repositories of '${options.tenant}' have reached the quota of ${limits.tenantBytes} bytes; delete some or ask the platform for more`,
    );
  }

  return store.withTemporaryFolder(async temporary => {
    const git = async (
      args: string[],
      more: { workTree?: string; index?: string; input?: string } = {},
    ) =>
      (
        await processes.run(args, {
          gitDirectory,
          workTree: more.workTree,
          input: more.input,
          timeoutMs: 120_000,
          environment: {
            GIT_INDEX_FILE: join(temporary, more.index ?? 'index'),
            GIT_AUTHOR_NAME: person(options.author.name),
            GIT_AUTHOR_EMAIL: person(options.author.email),
            GIT_COMMITTER_NAME: person(options.author.name),
            GIT_COMMITTER_EMAIL: person(options.author.email),
          },
        })
      ).stdout;
    const word = (output: Buffer) => output.toString('utf8').trim();

    const [headTree, tree] = await allOrFirstError([
      expectedHead === undefined ? undefined : treeOf(expectedHead),
      writeTree(),
    ]);
    if (expectedHead !== undefined && headTree === tree) {
      await assertAt(expectedHead);
      return { commit: expectedHead, changed: false };
    }
    const commit = word(
      await git(
        [
          'commit-tree',
          tree,
          ...(expectedHead === undefined ? [] : ['-p', expectedHead]),
          '-F',
          '-',
        ],
        { input: messageOf(options) },
      ),
    );
    await context.beforeMove({
      ref: `refs/heads/${options.branch}`,
      before: expectedHead ?? NO_COMMIT,
      after: commit,
    });
    try {
      await git([
        'update-ref',
        '--create-reflog',
        '-m',
        'portico',
        `refs/heads/${options.branch}`,
        commit,
        expectedHead ?? NO_COMMIT,
      ]);
    } catch (error) {
      if (error instanceof GitCommandError) {
        throw someoneWasFirst(options);
      }
      throw error;
    }
    store.addUsage(options.tenant, bytes + COMMIT_BYTES);
    return { commit, changed: true };

    async function treeOf(head: string): Promise<string> {
      const found = await objects.read(gitDirectory, `${head}^{tree}`);
      if (!found) {
        throw someoneWasFirst(options);
      }
      return found.id;
    }

    async function writeTree(): Promise<string> {
      const { overlayPath } = options;
      const add = git(['add', '--all', '--force', '--', '.'], {
        workTree: folder,
      });
      // At the root of nothing it is the whole tree.
      if (
        overlayPath === undefined ||
        (overlayPath === '' && expectedHead === undefined)
      ) {
        await add;
        return word(await git(['write-tree']));
      }
      const prefix = overlayPath === '' ? '' : `${overlayPath}/`;
      const [entries] = await allOrFirstError([
        add.then(() => git(['ls-files', '--stage', '-z'])),
        git(['read-tree', expectedHead ?? '--empty'], { index: 'overlay' }),
      ]);
      await git(['update-index', '-z', '--add', '--replace', '--index-info'], {
        index: 'overlay',
        input: entries
          .toString('utf8')
          .split('\0')
          .filter(Boolean)
          .map(entry => `${entry.replace('\t', () => `\t${prefix}`)}\0`)
          .join(''),
      });
      return word(await git(['write-tree'], { index: 'overlay' }));
    }

    async function assertAt(head: string): Promise<void> {
      const now = word(
        await git([
          'for-each-ref',
          '--format=%(objectname)',
          `refs/heads/${options.branch}`,
        ]),
      );
      if (now !== head) {
        throw someoneWasFirst(options);
      }
    }
  });
}

/** Waits for all, so that none still writes into a folder that is removed. */
async function allOrFirstError<T extends readonly unknown[]>(
  promises: readonly [...T],
): Promise<{ -readonly [Key in keyof T]: Awaited<T[Key]> }> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

function messageOf(options: CommitOptions): string {
  const trailers = Object.entries(options.trailers ?? {}).map(
    ([key, value]) => {
      if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(key) || /[\r\n\0]/.test(value)) {
        throw new InputError(
          `'${key}' is no trailer of one line; use letters and hyphens for its name and one line for its value`,
        );
      }
      return `${key}: ${value}`;
    },
  );
  const message = options.message.replace(/\0/g, '').trim() || 'Update';
  return trailers.length > 0
    ? `${message}\n\n${trailers.join('\n')}\n`
    : `${message}\n`;
}

/** Git refuses an empty name and cuts marks that its format needs. */
function person(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is replaced
  return text.replace(/[\u0000-\u001f<>]/g, ' ').trim() || 'unknown';
}

function someoneWasFirst(options: CommitOptions): ConflictError {
  return new ConflictError(
    `The branch '${options.branch}' of ${options.tenant}/${options.repository} changed in the meantime; read it again and repeat`,
  );
}
