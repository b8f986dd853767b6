import { chown, mkdir } from 'node:fs/promises';
import { findPostgresUser, type PostgresUser } from '@portico/launcher';

/** How to run what refuses to run as root. */
export interface OrdinaryUser extends PostgresUser {
  /** Makes a folder of its own. */
  makeFolder(path: string): Promise<void>;
  /** Command and arguments to spawn. */
  wrap(
    program: string,
    args: readonly string[],
  ): {
    command: string;
    args: readonly string[];
    uid?: number;
    gid?: number;
  };
}

/** Whoever runs this, or for root the one that PostgreSQL runs as. */
export async function runAs(
  program: string,
  folder: string,
): Promise<OrdinaryUser> {
  const user = await findPostgresUser(program, folder);
  return {
    ...user,
    async makeFolder(path) {
      await mkdir(path, { recursive: true, mode: 0o700 });
      if (user.owner) {
        await chown(path, user.owner.uid, user.owner.gid);
      }
    },
    wrap(command, args) {
      const [first = command, ...rest] = [...user.prefix, command, ...args];
      return { command: first, args: rest, uid: user.uid, gid: user.gid };
    },
  };
}
