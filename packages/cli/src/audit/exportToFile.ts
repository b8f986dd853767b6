import { randomUUID } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { BUNDLE_LINE_START } from '@portico/plugin-audit-common/chain';
import { PortalError } from '../portal/PortalError';

/** More than the last line of a bundle has. */
const TAIL_BYTES = 1024;

/**
 * Streams an export to a file. The file appears when it is whole; another one of that
 * name is not replaced unless told.
 *
 * @returns the number of bytes
 * @throws PortalError when a bundle breaks off, Error when the file is there
 */
export async function exportToFile(
  chunks: AsyncIterable<Uint8Array>,
  options: { file: string; format: 'jsonl' | 'csv'; force: boolean },
): Promise<number> {
  const { file, format, force } = options;
  const draft = `${file}.${randomUUID()}.part`;
  try {
    const { bytes, tail } = await writeAll(chunks, draft);
    if (format === 'jsonl' && !endsWhole(tail)) {
      throw new PortalError(
        'The export broke off before its last line: try again',
      );
    }
    if (force) {
      await rename(draft, file);
    } else {
      // A link is refused where a file is, even one that came meanwhile.
      await link(draft, file).catch(error => {
        throw error.code === 'EEXIST' ? new Error(occupied(file)) : error;
      });
    }
    return bytes;
  } finally {
    await rm(draft, { force: true });
  }
}

/** The sentence for a file that is there already. */
export function occupied(file: string): string {
  return `${file} is there already: give another name, or --force to replace it`;
}

async function writeAll(chunks: AsyncIterable<Uint8Array>, file: string) {
  const handle = await open(file, 'wx', 0o600);
  let bytes = 0;
  let tail = Buffer.alloc(0);
  try {
    for await (const chunk of chunks) {
      await handle.write(chunk);
      bytes += chunk.length;
      tail = Buffer.concat([tail, chunk]).subarray(-TAIL_BYTES);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes, tail };
}

function endsWhole(tail: Buffer): boolean {
  const text = tail.toString('utf8');
  const lines = text.split('\n');
  return (
    lines.pop() === '' &&
    (lines.pop()?.startsWith(`${BUNDLE_LINE_START}end"`) ?? false)
  );
}
