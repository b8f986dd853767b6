import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ConflictError, InputError } from '@backstage/errors';
import { create, extract } from 'tar';

/** Bare repositories lie two folders deep: `<tenant>/<repository>.git`. */
const DEEPEST = 3;

/**
 * Packs the bare repositories below a folder while the portal runs. In each of them what
 * names commits comes before the objects: what is pushed meanwhile adds objects that
 * nothing names yet, and never a name without its objects.
 *
 * @returns nothing when there is no repository
 */
export async function packRepositories(
  folder: string,
): Promise<Readable | undefined> {
  const paths: string[] = [];
  for (const repository of await findRepositories(folder)) {
    const entries = await readdir(join(folder, repository));
    entries.sort(
      (left, right) =>
        Number(left === 'objects') - Number(right === 'objects') ||
        left.localeCompare(right),
    );
    paths.push(...entries.map(entry => join(repository, entry)));
  }
  if (paths.length === 0) {
    return undefined;
  }
  // A file that a collection of garbage took away meanwhile is not asked for; whether a
  // repository is whole is asked when it is restored.
  return Readable.from(
    create({ cwd: folder, gzip: true, portable: true }, paths),
  );
}

/**
 * Unpacks repositories into an empty folder and asks Git whether each is whole.
 *
 * @returns how many there are
 * @throws ConflictError when the folder holds something, or a repository is not whole
 */
export async function unpackRepositories(
  content: Readable,
  folder: string,
): Promise<number> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).some(name => name !== 'lost+found')) {
    throw new ConflictError(
      `The folder of the repositories ${folder} is not empty: name an empty one, or leave the repositories out`,
    );
  }
  await pipeline(content, extract({ cwd: folder, strict: true }));
  const repositories = await findRepositories(folder);
  const broken: string[] = [];
  for (const repository of repositories) {
    const path = join(folder, repository);
    if (!(await isWhole(path))) broken.push(relative(folder, path));
  }
  if (broken.length > 0) {
    throw new ConflictError(
      `These repositories are not whole: ${broken.join(
        ', ',
      )}. Take them from an older backup.`,
    );
  }
  return repositories.length;
}

async function findRepositories(folder: string, below = ''): Promise<string[]> {
  const names = await readdir(join(folder, below));
  if (names.includes('HEAD') && names.includes('objects')) return [below];
  if (below && below.split(sep).length >= DEEPEST) return [];
  const found: string[] = [];
  for (const entry of await readdir(join(folder, below), {
    withFileTypes: true,
  })) {
    if (entry.isDirectory()) {
      found.push(...(await findRepositories(folder, join(below, entry.name))));
    }
  }
  return found.sort();
}

async function isWhole(repository: string): Promise<boolean> {
  const child = spawn(
    'git',
    ['-C', repository, 'fsck', '--connectivity-only', '--no-dangling'],
    {
      stdio: 'ignore',
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' },
    },
  );
  try {
    const [code] = await once(child, 'close');
    return code === 0;
  } catch (error) {
    throw new InputError('The command "git" was not found: install Git', error);
  }
}
