import { ConflictError, NotFoundError } from '@backstage/errors';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import {
  type BackupManifest,
  backupManifestSchema,
  MANIFEST_FILE,
} from './BackupManifest';
import { type BackupStore } from './BackupStore';
import { DigestStream } from './DigestStream';

/**
 * Finds a complete backup.
 *
 * @param name - the newest one without it
 * @throws NotFoundError when there is none, or it was interrupted
 */
export async function readBackup(
  store: BackupStore,
  name?: string,
): Promise<{ name: string; manifest: BackupManifest }> {
  const names = name ? [name] : (await store.list()).reverse();
  for (const one of names) {
    const files = await store.files(one).catch((): string[] => []);
    if (files.includes(MANIFEST_FILE)) {
      const text = await buffer(await store.read(one, MANIFEST_FILE));
      return {
        name: one,
        manifest: readManifest(text.toString(), `${store.title}/${one}`),
      };
    }
  }
  throw new NotFoundError(
    name
      ? `${store.title} has no complete backup '${name}'`
      : `${store.title} has no complete backup`,
  );
}

/**
 * Reads every file of a backup and compares it with what the manifest says.
 *
 * @throws ConflictError that names the file that is another one
 */
export async function verifyFiles(
  store: BackupStore,
  backup: { name: string; manifest: BackupManifest },
): Promise<void> {
  for (const file of backup.manifest.files) {
    const digest = new DigestStream();
    digest.resume();
    await pipeline(await store.read(backup.name, file.name), digest);
    const { bytes, sha256 } = digest.digest();
    if (bytes !== file.bytes || sha256 !== file.sha256) {
      throw new ConflictError(
        `${store.title}/${backup.name}/${file.name} is not what was written (${bytes} bytes instead of ${file.bytes}, or another SHA-256): take another copy of it, or another backup`,
      );
    }
  }
}

function readManifest(text: string, where: string): BackupManifest {
  try {
    return backupManifestSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new ConflictError(
      `The manifest of ${where} cannot be read; it is damaged, or of a newer version of Portico`,
      error,
    );
  }
}
