import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { cp, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type LockFile,
  type PackageFile,
  installationKey,
} from './packageFiles';

const KEPT_PER_TENANT = 6;

/**
 * Installed packages by what was asked for, so that the same are not installed for each
 * commit. A tenant has its own, copied in and out: what a run changes in its packages
 * stays with the run.
 */
export class ModuleCache {
  constructor(private readonly folder: string, private readonly work: string) {}

  /** Whether an installation may be kept: links lead out of `node_modules`. */
  canKeep(lock: LockFile): boolean {
    return !Object.entries(lock.packages).some(
      ([path, { link }]) =>
        link === true || (path !== '' && !path.startsWith('node_modules/')),
    );
  }

  /** Copies a kept installation to `target`; false when there is none. */
  async restore(
    tenant: string,
    packageFile: PackageFile,
    lock: LockFile,
    target: string,
  ): Promise<boolean> {
    const kept = this.#path(tenant, packageFile, lock);
    if (!(await exists(kept))) {
      return false;
    }
    await copyFolder(kept, target);
    const now = new Date();
    await utimes(kept, now, now);
    return true;
  }

  /** Keeps an installation that was just made, and forgets those unused for longest. */
  async keep(
    tenant: string,
    packageFile: PackageFile,
    lock: LockFile,
    source: string,
  ): Promise<void> {
    const kept = this.#path(tenant, packageFile, lock);
    const temporary = join(this.work, `modules-${randomUUID()}`);
    await copyFolder(source, temporary);
    await mkdir(join(this.folder, tenant), { recursive: true });
    await rename(temporary, kept).catch(async () => {
      // Another run kept the same meanwhile.
      await rm(temporary, { recursive: true, force: true });
    });
    const all = await Promise.all(
      (
        await readdir(join(this.folder, tenant))
      ).map(async name => {
        const path = join(this.folder, tenant, name);
        return { path, usedAt: (await stat(path)).mtimeMs };
      }),
    );
    const old = all.sort((a, b) => b.usedAt - a.usedAt).slice(KEPT_PER_TENANT);
    for (const { path } of old) {
      await rm(path, { recursive: true, force: true });
    }
  }

  #path(tenant: string, packageFile: PackageFile, lock: LockFile): string {
    const digest = createHash('sha256')
      .update(installationKey(packageFile, lock))
      .digest('hex');
    return join(this.folder, tenant, digest);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function copyFolder(source: string, target: string): Promise<void> {
  return cp(source, target, {
    recursive: true,
    verbatimSymlinks: true,
    // The same blocks on file systems that can; never the same files.
    mode: constants.COPYFILE_FICLONE,
  });
}
