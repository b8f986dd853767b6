import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  type KeptCheckpoint,
  readUnverifiedCheckpoint,
} from '@portico/plugin-audit-common/chain';
import { describeError } from '../output/describeError';
import { UsageError } from '../output/UsageError';
import { parseWitnessContent } from './WitnessFile';

/** Name of a file that holds one checkpoint, as destinations of the portal name it. */
const SUFFIX = '.checkpoint';

/**
 * Reads checkpoints that were kept out of the portal's reach: the file of a witness, a
 * single checkpoint, or a directory with checkpoints of all chains below it.
 *
 * @throws UsageError when there is none, or one is malformed
 */
export async function readKeptCheckpoints(
  given: readonly string[],
): Promise<KeptCheckpoint[]> {
  const found: KeptCheckpoint[] = [];
  for (const location of given) {
    const checkpoints = await readLocation(location);
    if (checkpoints.length === 0) {
      throw new UsageError(
        `--checkpoints: there is no file *${SUFFIX} below ${location}`,
      );
    }
    found.push(...checkpoints);
  }
  return found;
}

async function readLocation(location: string): Promise<KeptCheckpoint[]> {
  try {
    if (!(await stat(location)).isDirectory()) {
      return await readCheckpoints(location);
    }
    const entries = await readdir(location, {
      recursive: true,
      withFileTypes: true,
    });
    const checkpoints: KeptCheckpoint[] = [];
    for (const entry of entries) {
      if (entry.isFile() && entry.name.endsWith(SUFFIX)) {
        checkpoints.push(
          ...(await readCheckpoints(path.join(entry.parentPath, entry.name))),
        );
      }
    }
    return checkpoints;
  } catch (error) {
    throw new UsageError(`--checkpoints: ${describeError(error)}`);
  }
}

async function readCheckpoints(file: string): Promise<KeptCheckpoint[]> {
  const text = await readFile(file, 'utf8');
  const witness = parseWitnessContent(text);
  if (witness) {
    return Object.entries(witness.checkpoints).flatMap(([chain, notes]) =>
      notes.map((note, index) => ({
        name: `${file} (${chain}, ${index + 1})`,
        note,
      })),
    );
  }
  try {
    readUnverifiedCheckpoint(text);
  } catch (error) {
    throw new UsageError(`${file} is no checkpoint: ${describeError(error)}`);
  }
  return [{ name: file, note: text }];
}
