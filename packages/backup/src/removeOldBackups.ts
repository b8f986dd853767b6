import { MANIFEST_FILE } from './BackupManifest';
import { type BackupStore } from './BackupStore';

/**
 * Removes all complete backups but the newest ones, and interrupted ones that are older
 * than those. What was interrupted just now may be one that still runs.
 *
 * @param keep - how many complete backups stay; at least 1
 * @returns the names of what was removed
 */
export async function removeOldBackups(
  store: BackupStore,
  keep: number,
): Promise<string[]> {
  const complete: string[] = [];
  const all = await store.list();
  for (const name of all) {
    if ((await store.files(name)).includes(MANIFEST_FILE)) complete.push(name);
  }
  const oldestKept = complete.slice(-keep).at(0);
  if (complete.length < keep || oldestKept === undefined) return [];
  // names sort by time
  const removed = all.filter(name => name < oldestKept);
  for (const name of removed) {
    await store.remove(name);
  }
  return removed;
}
