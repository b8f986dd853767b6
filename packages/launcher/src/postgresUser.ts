import { execFile } from 'child_process';
import { promisify } from 'util';
import { LauncherError } from './LauncherError';

const run = promisify(execFile);
const name = 'postgres';

/** How to run PostgreSQL's programs, which refuse to run as root. */
export interface PostgresUser {
  /** Who owns the data, when it is not whoever runs the launcher. */
  owner?: { uid: number; gid: number };
  /** For `spawn`. */
  uid?: number;
  gid?: number;
  /** What comes before the program. */
  prefix: string[];
}

/**
 * Finds the user for PostgreSQL: whoever runs this, or for root the user `postgres`,
 * which is made when it is missing.
 *
 * @param program - a program of PostgreSQL that the user must be able to run
 * @param folder - a folder that the user must be able to enter
 */
export async function findPostgresUser(
  program: string,
  folder: string,
): Promise<PostgresUser> {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const ids = (await findIds()) ?? (await makeUser());
  const trial = ['-c', 'cd "$0" && exec "$1" --version', folder, program];
  const works = await run('/bin/sh', trial, ids).then(
    () => true,
    () => false,
  );
  if (works) return { ...ids, owner: ids, prefix: [] };
  // A folder above, such as /root, is closed to other users: the program keeps the one
  // right of root that passes it.
  const prefix = [
    'setpriv',
    `--reuid=${ids.uid}`,
    `--regid=${ids.gid}`,
    '--clear-groups',
    // else access(2) would ignore that right
    '--securebits=+no_setuid_fixup',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
    '--',
  ];
  await run(prefix[0], [...prefix.slice(1), '/bin/sh', ...trial]).catch(() => {
    throw new LauncherError(
      `PostgreSQL does not run as root, and its user "${name}" may not enter ${folder}: start as an ordinary user, or move the checkout out of root's home.`,
    );
  });
  return { owner: ids, prefix };
}

async function findIds(): Promise<{ uid: number; gid: number } | undefined> {
  try {
    const [uid, gid] = await Promise.all([
      run('id', ['-u', name]),
      run('id', ['-g', name]),
    ]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

async function makeUser(): Promise<{ uid: number; gid: number }> {
  await run('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    name,
  ]).catch(() => undefined);
  const ids = await findIds();
  if (!ids) {
    throw new LauncherError(
      `PostgreSQL does not run as root, and the user "${name}" could not be made: start as an ordinary user, or make it with "useradd ${name}".`,
    );
  }
  return ids;
}
