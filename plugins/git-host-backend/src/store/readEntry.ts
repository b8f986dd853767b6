import { posix } from 'node:path';
import { type GitObjects } from '../git/GitObjects';
import {
  entryKey,
  FOLDER_MODE,
  splitEntries,
  type StoredEntry,
} from './treeEntries';

/** The entry of a path at a commit; what lies behind a link is not there. */
export async function readEntry(
  objects: GitObjects,
  gitDirectory: string,
  commit: string,
  path: string,
): Promise<StoredEntry | undefined> {
  const parent = posix.dirname(path);
  const tree = await objects.read(
    gitDirectory,
    path === '' || parent === '.' ? `${commit}^{tree}` : `${commit}:${parent}`,
  );
  if (tree?.type !== 'tree' || !tree.content?.length) {
    return undefined;
  }
  return path === ''
    ? { mode: FOLDER_MODE, id: tree.id }
    : splitEntries(tree.content, commit.length / 2).get(
        entryKey(posix.basename(path)),
      );
}
