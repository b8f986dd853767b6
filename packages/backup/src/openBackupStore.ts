import { InputError } from '@backstage/errors';
import { isAbsolute } from 'node:path';
import { type BackupStore } from './BackupStore';
import { BucketStore } from './BucketStore';
import { FolderStore } from './FolderStore';

/**
 * Opens the place of backups.
 *
 * @param place - an absolute folder, or `s3://bucket/prefix`
 * @throws InputError for anything else
 */
export function openBackupStore(
  place: string,
  options: { endpoint?: string; region?: string } = {},
): BackupStore {
  if (place.startsWith('s3://')) {
    const [bucket, ...prefix] = place.slice('s3://'.length).split('/');
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
      throw new InputError(
        `'${place}' names no bucket: expected s3://<bucket>/<prefix>`,
      );
    }
    return new BucketStore({
      bucket,
      prefix: prefix.filter(Boolean).join('/'),
      ...options,
    });
  }
  if (!isAbsolute(place)) {
    throw new InputError(
      `'${place}' is no place for backups: give an absolute folder, or s3://<bucket>/<prefix>`,
    );
  }
  return new FolderStore(place);
}
