import { join, resolve } from 'node:path';
import { type CommitOptions } from '@portico/plugin-git-host-node';
import {
  assertRefName,
  assertRepositoryPath,
} from '../address/repositoryAddress';
import { type GitObjects } from '../git/GitObjects';
import { commitMessage, personName } from './commitMessage';
import { inspectFolder } from './inspectFolder';
import {
  assertRoom,
  type CommitContext,
  moveBranch,
  someoneWasFirst,
} from './moveBranch';

/**
 * Commits a folder to a branch without a clone: a tree is written straight into
 * the bare repository, then the branch moves from the expected commit to the new one.
 *
 * @returns the commit, and whether the branch moved
 */
export async function commitFolder(
  options: CommitOptions,
  context: CommitContext & { objects: GitObjects },
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
  await assertRoom(options, context);

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
            GIT_AUTHOR_NAME: personName(options.author.name),
            GIT_AUTHOR_EMAIL: personName(options.author.email),
            GIT_COMMITTER_NAME: personName(options.author.name),
            GIT_COMMITTER_EMAIL: personName(options.author.email),
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
        { input: commitMessage(options) },
      ),
    );
    await moveBranch(options, commit, bytes, context);
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
