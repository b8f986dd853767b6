import { type TreeEntry } from '@portico/plugin-git-host-common';

/** One line of `git ls-tree -z`, with or without `-l`. */
export interface TreeLine {
  mode: string;
  kind: TreeEntry['kind'];
  id: string;
  size: number | undefined;
  path: string;
}

/** Takes the output of `git ls-tree -z [-l]` apart. */
export function parseTreeLines(output: Buffer): TreeLine[] {
  const lines: TreeLine[] = [];
  for (const record of output.toString('utf8').split('\0')) {
    const match = /^(\d{6}) (\w+) ([0-9a-f]+)(?: +(\d+|-))?\t([\s\S]*)$/.exec(
      record,
    );
    if (match) {
      const [, mode, type, id, size, path] = match;
      lines.push({
        mode,
        kind: kindOf(mode, type),
        id,
        size: size === undefined || size === '-' ? undefined : Number(size),
        path,
      });
    }
  }
  return lines;
}

function kindOf(mode: string, type: string): TreeEntry['kind'] {
  if (type === 'tree') {
    return 'folder';
  }
  if (type === 'commit') {
    return 'submodule';
  }
  return mode === '120000' ? 'symlink' : 'file';
}
