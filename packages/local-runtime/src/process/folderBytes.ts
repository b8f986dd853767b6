import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Adds up the files below a folder, and stops counting above `limit`. */
export async function folderBytes(
  folder: string,
  limit = Infinity,
): Promise<number> {
  let bytes = 0;
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    const current = next;
    // It may be removed while it is read.
    const entries = await readdir(current, { withFileTypes: true }).catch(
      () => [],
    );
    for (const entry of entries) {
      if (entry.isDirectory()) {
        folders.push(join(current, entry.name));
      }
    }
    const sizes = await Promise.all(
      entries
        .filter(entry => entry.isFile())
        .map(entry =>
          lstat(join(current, entry.name)).then(
            // What it takes on the disk: a file with holes takes little.
            ({ blocks }) => blocks * 512,
            () => 0,
          ),
        ),
    );
    bytes += sizes.reduce((sum, size) => sum + size, 0);
    if (bytes > limit) {
      return bytes;
    }
  }
  return bytes;
}
