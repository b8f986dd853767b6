import { lstat, readdir, readFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { runLimited } from './runLimited';

/** A file of a commit. */
export interface RepositoryFile {
  /** From the root of the repository. */
  path: string;
  /** Id of its content. */
  id: string;
  bytes: number;
}

/** Files below a folder of a commit. */
export interface RepositoryFolder {
  files: RepositoryFile[];
  /** Symbolic links and submodules, which are never followed. */
  leftOut: string[];
}

const names = /^[a-z0-9][a-z0-9._-]{0,99}$/i;
const MOST_TEXT_BYTES = 512 * 1024;
const MOST_LISTING_BYTES = 8 * 1024 * 1024;

/** A bare repository of the Git host, read without writing to it. */
export class BareRepository {
  constructor(
    readonly tenant: string,
    readonly name: string,
    readonly folder: string,
  ) {}

  /** All repositories in the folder of the Git host: `<tenant>/<name>.git`. */
  static async list(directory: string): Promise<BareRepository[]> {
    const repositories: BareRepository[] = [];
    for (const tenant of await folders(directory)) {
      for (const folder of await folders(join(directory, tenant))) {
        const name = folder.replace(/\.git$/, '');
        if (name !== folder && names.test(tenant) && names.test(name)) {
          repositories.push(
            new BareRepository(tenant, name, join(directory, tenant, folder)),
          );
        }
      }
    }
    return repositories;
  }

  /** Such as `aurora/checkout`. */
  get address(): string {
    return `${this.tenant}/${this.name}`;
  }

  /**
   * Default branch and its newest commit, read without starting a process; undefined
   * while there is none.
   */
  async head(): Promise<{ branch: string; commit: string } | undefined> {
    const read = (path: string) =>
      readFile(join(this.folder, path), 'utf8').catch(() => '');
    const reference = /^ref: (refs\/heads\/[^\s]+)$/m.exec(
      await read('HEAD'),
    )?.[1];
    if (!reference || reference.split('/').includes('..')) return undefined;
    const loose = /^[0-9a-f]{40,64}$/m.exec(await read(reference))?.[0];
    const packed = (await read('packed-refs'))
      .split('\n')
      .find(line => line.endsWith(` ${reference}`))
      ?.split(' ')[0];
    const commit = loose ?? packed;
    return commit
      ? { branch: reference.slice('refs/heads/'.length), commit }
      : undefined;
  }

  /** The text of a file of a commit; undefined where there is no file of that size. */
  async text(commit: string, path: string): Promise<string | undefined> {
    const { files } = await this.files(commit, path);
    const file = files.find(
      candidate =>
        candidate.path === path && candidate.bytes <= MOST_TEXT_BYTES,
    );
    return file && (await this.content(file)).toString('utf8');
  }

  /** The files of a commit at or below a path; `.` for all. */
  async files(commit: string, path: string): Promise<RepositoryFolder> {
    const output = await this.#git(
      [
        'ls-tree',
        '-r',
        '-z',
        '-l',
        commit,
        ...(path === '.' ? [] : ['--', path]),
      ],
      MOST_LISTING_BYTES,
    );
    const folder: RepositoryFolder = { files: [], leftOut: [] };
    for (const record of output.toString('utf8').split('\0')) {
      const [, mode, id, bytes, file] =
        /^(\d{6}) \w+ ([0-9a-f]+) +(\d+|-)\t([\s\S]+)$/.exec(record) ?? [];
      if (!file) continue;
      if ((mode === '100644' || mode === '100755') && isSafe(file)) {
        folder.files.push({ path: file, id, bytes: Number(bytes) });
      } else {
        folder.leftOut.push(file);
      }
    }
    return folder;
  }

  /** The content of a file. */
  async content(file: RepositoryFile): Promise<Buffer> {
    return this.#git(['cat-file', 'blob', file.id], file.bytes + 1);
  }

  async #git(args: string[], maxOutputBytes: number): Promise<Buffer> {
    const result = await runLimited({
      command: 'git',
      args,
      cwd: this.folder,
      environment: gitEnvironment(this.folder),
      timeoutMs: 30_000,
      maxOutputBytes,
    });
    if (result.outcome !== 'ended' || result.code !== 0) {
      throw new Error(
        `git ${args[0]} of ${this.address} ${
          result.outcome === 'ended' ? `ended with ${result.code}` : 'was ended'
        }: ${result.tail.slice(-300)}`,
      );
    }
    return result.stdout;
  }
}

/** Git writes no such paths itself, but whoever pushes may make any tree. */
function isSafe(path: string): boolean {
  return path
    .split('/')
    .every(
      part =>
        part !== '' &&
        part !== '.' &&
        part !== '..' &&
        !/[\\\p{Cc}]/u.test(part) &&
        part.toLocaleLowerCase('en-US') !== '.git',
    );
}

/** Neither the machine's nor the user's configuration of git counts. */
function gitEnvironment(folder: string): Record<string, string> {
  const settings = [
    ['safe.directory', '*'],
    ['core.hooksPath', devNull],
    ['core.fsmonitor', 'false'],
    ['protocol.allow', 'never'],
  ];
  return {
    PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    LC_ALL: 'C',
    HOME: '/nonexistent',
    GIT_DIR: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}

async function folders(directory: string): Promise<string[]> {
  const entries = await readdir(directory).catch(() => []);
  const found: string[] = [];
  for (const entry of entries.sort()) {
    if (entry.startsWith('.')) continue;
    const stats = await lstat(join(directory, entry)).catch(() => undefined);
    if (stats?.isDirectory()) found.push(entry);
  }
  return found;
}
