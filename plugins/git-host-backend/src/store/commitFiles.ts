import { InputError } from '@backstage/errors';
import { type CommitFilesOptions } from '@portico/plugin-git-host-node';
import {
  assertRefName,
  assertRepositoryPath,
} from '../address/repositoryAddress';
import { type GitObjects } from '../git/GitObjects';
import { commitMessage, personName } from './commitMessage';
import { LooseObjects } from './LooseObjects';
import {
  assertRoom,
  type CommitContext,
  moveBranch,
  someoneWasFirst,
} from './moveBranch';
import {
  entryKey,
  FILE_MODE,
  FOLDER_MODE,
  isFileMode,
  joinEntries,
  splitEntries,
  type StoredEntry,
} from './treeEntries';

/**
 * Lays some files over what a branch holds and commits that. Everything is written without a
 * process of git, but for the move of the branch.
 *
 * @returns the commit, and whether the branch moved
 */
export async function commitFiles(
  options: CommitFilesOptions,
  context: CommitContext & { objects: GitObjects },
): Promise<{ commit: string; changed: boolean }> {
  const { store, objects, limits } = context;
  const { expectedHead } = options;
  assertRefName(options.branch);
  const contents = new Map<string, Buffer>();
  for (const { path, content } of options.files) {
    assertRepositoryPath(path);
    if (path === '') {
      throw new InputError('A file needs a path; the root is a folder');
    }
    contents.set(path, Buffer.from(content, 'utf8'));
  }
  const bytes = [...contents.values()].reduce(
    (sum, content) => sum + content.length,
    0,
  );
  if (bytes > limits.treeBytes) {
    throw new InputError(
      `The files are larger than ${limits.treeBytes} bytes, which is the limit of one commit (gitHost.limits.treeBytes); push with git instead`,
    );
  }
  const gitDirectory = await store.folderOf(options);
  await assertRoom(options, context);
  const written = new LooseObjects({ gitDirectory, commit: expectedHead });

  const base = await objects.read(gitDirectory, `${expectedHead}^{tree}`);
  if (base?.type !== 'tree') {
    throw someoneWasFirst(options);
  }
  const tree = await writeFolder(base.id, '', contents);
  if (tree === base.id) {
    if (
      (await objects.read(gitDirectory, `refs/heads/${options.branch}`))?.id !==
      expectedHead
    ) {
      throw someoneWasFirst(options);
    }
    return { commit: expectedHead, changed: false };
  }
  const person = `${personName(options.author.name)} <${personName(
    options.author.email,
  )}> ${Math.floor(Date.now() / 1_000)} +0000`;
  const commit = await written.write(
    'commit',
    Buffer.from(
      `tree ${tree}\nparent ${expectedHead}\nauthor ${person}\ncommitter ${person}\n\n${commitMessage(
        options,
      )}`,
    ),
  );
  await moveBranch(options, commit, bytes, context);
  return { commit, changed: true };

  /** @param files - by their path below the folder */
  async function writeFolder(
    id: string | undefined,
    folder: string,
    files: ReadonlyMap<string, Buffer>,
  ): Promise<string> {
    const entries =
      id === undefined ? new Map<string, StoredEntry>() : await readFolder(id);
    const below = new Map<string, Map<string, Buffer>>();
    for (const [path, content] of files) {
      const [name = '', ...rest] = path.split('/');
      if (rest.length > 0) {
        below.set(
          name,
          (below.get(name) ?? new Map()).set(rest.join('/'), content),
        );
      } else {
        const before = entries.get(entryKey(name));
        assertReplaces(before, isFileMode, `${folder}${name}`);
        entries.set(entryKey(name), {
          mode: before?.mode ?? FILE_MODE,
          id: await written.write('blob', content),
        });
      }
    }
    for (const [name, inFolder] of below) {
      const before = entries.get(entryKey(name));
      const path = `${folder}${name}`;
      assertReplaces(before, mode => mode === FOLDER_MODE, path);
      entries.set(entryKey(name), {
        mode: FOLDER_MODE,
        id: await writeFolder(before?.id, `${path}/`, inFolder),
      });
    }
    return written.write('tree', joinEntries(entries));
  }

  async function readFolder(id: string): Promise<Map<string, StoredEntry>> {
    const found = await objects.read(gitDirectory, id);
    if (!found?.content) {
      throw new InputError(
        `A folder of ${options.tenant}/${options.repository} cannot be read: it is not there any more, or has too many entries`,
      );
    }
    return splitEntries(found.content, id.length / 2);
  }
}

/** A link or a submodule is not written over, nor a file by a folder. */
function assertReplaces(
  before: StoredEntry | undefined,
  isOfKind: (mode: string) => boolean,
  path: string,
): void {
  if (before && !isOfKind(before.mode)) {
    throw new InputError(
      `'${path}' is something else at the head of the branch than what is to be written; remove it there first`,
    );
  }
}
