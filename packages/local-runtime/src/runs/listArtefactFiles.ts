import { readdir, readlink } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { InputError } from '@backstage/errors';

const MAX_FILES = 50_000;
const NEVER = new Set([
  '.git',
  // may hold credentials of a registry, and is of no use to run
  '.npmrc',
  'node_modules/.cache',
  // lists the packages that are left out
  'node_modules/.package-lock.json',
]);

/**
 * The files and links of an artefact, in order: everything in the folder but what is
 * never of use to run it and the folders to leave out. Links into those are left out too.
 *
 * @throws InputError for a link that leaves the folder, a special file, or too many
 */
export async function listArtefactFiles(
  folder: string,
  leaveOut: ReadonlySet<string>,
): Promise<string[]> {
  const files: string[] = [];
  const isLeftOut = (path: string) => {
    for (let at = path; at !== '.' && at !== ''; at = dirname(at)) {
      if (NEVER.has(at) || leaveOut.has(at)) {
        return true;
      }
    }
    return false;
  };

  async function walk(path: string): Promise<void> {
    const entries = await readdir(join(folder, path), { withFileTypes: true });
    for (const entry of entries) {
      const child = path === '' ? entry.name : `${path}/${entry.name}`;
      if (NEVER.has(child) || leaveOut.has(child)) {
        continue;
      }
      if (entry.isDirectory()) {
        await walk(child);
      } else if (entry.isSymbolicLink()) {
        const target = await readlink(join(folder, child));
        const reached = normalize(join(dirname(child), target));
        if (target.startsWith('/') || /^\.\.(?:\/|$)/.test(reached)) {
          throw new InputError(
            `The link ${child} leads out of the folder, to ${target}.`,
          );
        }
        if (!isLeftOut(reached)) {
          files.push(child);
        }
      } else if (entry.isFile()) {
        files.push(child);
      } else {
        throw new InputError(
          `${child} is neither a file, a folder nor a link.`,
        );
      }
      if (files.length > MAX_FILES) {
        throw new InputError(`The artefact has more than ${MAX_FILES} files.`);
      }
    }
  }
  await walk('');
  return files.sort((a, b) => (a < b ? -1 : 1));
}
