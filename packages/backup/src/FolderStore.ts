import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isBackupName } from './BackupManifest';
import { type BackupStore } from './BackupStore';

/** Backups in a folder, best one that another machine holds. */
export class FolderStore implements BackupStore {
  readonly title: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.title = folder;
  }

  async list(): Promise<string[]> {
    await mkdir(this.#folder, { recursive: true });
    return (await readdir(this.#folder)).filter(isBackupName).sort();
  }

  async files(backup: string): Promise<string[]> {
    const names = await readdir(join(this.#folder, backup));
    return names.filter(name => !name.endsWith('.partial'));
  }

  async write(backup: string, file: string, content: Readable): Promise<void> {
    const folder = join(this.#folder, backup);
    // rows of all tenants: for nobody else's eyes
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, file);
    const partial = `${path}.partial`;
    await pipeline(content, createWriteStream(partial, { mode: 0o600 }));
    const handle = await open(partial, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, path);
  }

  async read(backup: string, file: string): Promise<Readable> {
    return createReadStream(join(this.#folder, backup, file));
  }

  async remove(backup: string): Promise<void> {
    await rm(join(this.#folder, backup), { recursive: true, force: true });
  }
}
