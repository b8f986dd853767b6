import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isError } from '@backstage/errors';

const OBJECT_ID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
/** A file or folder that is not there, or the one where the other was expected. */
const ABSENT = ['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG'];

/**
 * What a ref of a bare repository points to, read from its files: a process costs a hundred
 * times as much. Like git, it looks at the file of the ref first and then at the packed ones,
 * so that packing in between hides nothing.
 *
 * @param ref - full and well-formed name, `refs/heads/main`
 * @returns undefined where the files do not say: then only git knows
 */
export async function readRef(
  folder: string,
  ref: string,
): Promise<string | undefined> {
  const loose = (await readIfThere(join(folder, ref)))?.trim();
  if (loose !== undefined) {
    return OBJECT_ID.test(loose) ? loose : undefined;
  }
  const packed = await readIfThere(join(folder, 'packed-refs'));
  const line = packed?.split('\n').find(each => each.endsWith(` ${ref}`));
  const id = line?.slice(0, line.indexOf(' '));
  return id !== undefined && OBJECT_ID.test(id) && line === `${id} ${ref}`
    ? id
    : undefined;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isError(error) && ABSENT.includes(String(error.code))) {
      return undefined;
    }
    throw error;
  }
}
