import { lstat, readdir, readlink } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { InputError } from '@backstage/errors';
import { type GitHostLimits } from '../config/readGitHostConfig';

/**
 * Checks that a folder can become a commit: no `.git` in any spelling, no link that
 * leads out of the folder, only files, folders and links, and within the limits.
 *
 * @returns bytes of its files
 * @throws InputError that names the path and the reason
 */
export async function inspectFolder(
  root: string,
  limits: Pick<GitHostLimits, 'treeBytes' | 'treeFiles'>,
): Promise<number> {
  let files = 0;
  let bytes = 0;

  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      const shown = relative(root, path);
      if (entry.name.toLowerCase() === '.git') {
        throw new InputError(
          `'${shown}' cannot be committed: remove the .git folder or file from the content`,
        );
      }
      if (entry.isDirectory()) {
        await visit(path);
        continue;
      }
      if (entry.isSymbolicLink()) {
        const target = await readlink(path);
        const reached = resolve(dirname(path), target);
        if (
          target.startsWith('/') ||
          (reached !== root && !reached.startsWith(`${root}${sep}`))
        ) {
          throw new InputError(
            `'${shown}' is a symbolic link that leaves the folder; replace it with the file itself`,
          );
        }
      } else if (!entry.isFile()) {
        throw new InputError(
          `'${shown}' is neither a file, a folder nor a link and cannot be committed`,
        );
      }
      files += 1;
      bytes += (await lstat(path)).size;
      if (files > limits.treeFiles) {
        throw new InputError(
          `There are more than ${limits.treeFiles} files, which is the limit of one commit (gitHost.limits.treeFiles); push with git instead`,
        );
      }
      if (bytes > limits.treeBytes) {
        throw new InputError(
          `The files are larger than ${limits.treeBytes} bytes, which is the limit of one commit (gitHost.limits.treeBytes); push with git instead`,
        );
      }
    }
  };

  const rootStats = await lstat(root).catch(() => undefined);
  if (!rootStats?.isDirectory()) {
    throw new InputError('The folder to commit does not exist');
  }
  await visit(root);
  return bytes;
}
