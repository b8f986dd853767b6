/** One entry of a tree object. */
export interface StoredEntry {
  /** Without a leading zero: `100644`, `40000`. */
  mode: string;
  id: string;
}

/** Mode of a folder in a tree object. */
export const FOLDER_MODE = '40000';

/** Mode of a file that nobody executes. */
export const FILE_MODE = '100644';

/** A name as the key of entries: git compares bytes, and not each name is UTF-8. */
export function entryKey(name: string): string {
  return Buffer.from(name, 'utf8').toString('latin1');
}

/**
 * The entries of a tree object, by {@link entryKey}: `<mode> <name>\0<id in bytes>`, one after the other.
 * Source of the format: the Git book, "Git Internals".
 *
 * @param idBytes - 20, or 32 in a repository of SHA-256
 */
export function splitEntries(
  tree: Buffer,
  idBytes: number,
): Map<string, StoredEntry> {
  const entries = new Map<string, StoredEntry>();
  let offset = 0;
  while (offset < tree.length) {
    const space = tree.indexOf(0x20, offset);
    const end = tree.indexOf(0, space);
    if (space < 0 || end < 0) {
      throw new Error('A folder of the repository cannot be read');
    }
    const next = end + 1 + idBytes;
    entries.set(tree.subarray(space + 1, end).toString('latin1'), {
      mode: tree.subarray(offset, space).toString('latin1'),
      id: tree.subarray(end + 1, next).toString('hex'),
    });
    offset = next;
  }
  return entries;
}
/** The content of a tree object; git sorts a folder as if its name ended with a slash. */
export function joinEntries(entries: ReadonlyMap<string, StoredEntry>): Buffer {
  const sorted = [...entries]
    .map(([key, entry]) => ({
      key,
      entry,
      sortedAs: Buffer.from(
        entry.mode === FOLDER_MODE ? `${key}/` : key,
        'latin1',
      ),
    }))
    .sort((one, other) => one.sortedAs.compare(other.sortedAs));
  return Buffer.concat(
    sorted.flatMap(({ key, entry }) => [
      Buffer.from(`${entry.mode} ${key}\0`, 'latin1'),
      Buffer.from(entry.id, 'hex'),
    ]),
  );
}

/** Whether an entry is a file whose content can be given out; a link is none. */
export function isFileMode(mode: string): boolean {
  return mode.startsWith('100');
}
