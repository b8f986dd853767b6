import { type Readable } from 'node:stream';

/** Where backups are kept: a folder or a bucket. Each backup is a folder in it. */
export interface BackupStore {
  /** For messages: the folder or the address. */
  readonly title: string;
  /** Names of all backups, also of interrupted ones, oldest first. */
  list(): Promise<string[]>;
  /** Names of the files of one backup. */
  files(backup: string): Promise<string[]>;
  /** Keeps a file whole or not at all. */
  write(backup: string, file: string, content: Readable): Promise<void>;
  read(backup: string, file: string): Promise<Readable>;
  remove(backup: string): Promise<void>;
}
