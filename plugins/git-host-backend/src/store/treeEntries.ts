/** One entry of a tree object. */
export interface StoredEntry {
  /** Without a leading zero: `100644`, `40000`. */
  mode: string;
  id: string;
}

/** Mode of a folder in a tree object. */
export const FOLDER_MODE = '40000';

/**
 * Finds an entry in the content of a tree object: `<mode> <name>\0<id in bytes>`, one after the
 * other. Source of the format: the Git book, "Git Internals".
 *
 * @param idBytes - 20, or 32 in a repository of SHA-256
 */
export function findEntry(
  tree: Buffer,
  name: string,
  idBytes: number,
): StoredEntry | undefined {
  const wanted = Buffer.from(name, 'utf8');
  let offset = 0;
  while (offset < tree.length) {
    const space = tree.indexOf(0x20, offset);
    const end = tree.indexOf(0, space);
    if (space < 0 || end < 0) {
      return undefined;
    }
    if (
      end - space - 1 === wanted.length &&
      tree.compare(wanted, 0, wanted.length, space + 1, end) === 0
    ) {
      return {
        mode: tree.subarray(offset, space).toString('latin1'),
        id: tree.subarray(end + 1, end + 1 + idBytes).toString('hex'),
      };
    }
    offset = end + 1 + idBytes;
  }
  return undefined;
}

/** Whether an entry is a file whose content can be given out; a link is none. */
export function isFileMode(mode: string): boolean {
  return mode.startsWith('100');
}
