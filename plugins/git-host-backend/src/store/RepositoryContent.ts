import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { InputError, NotFoundError } from '@backstage/errors';
import { type Commit, type TreeEntry } from '@portico/plugin-git-host-common';
import {
  type LogOptions,
  type RepositoryAddress,
  type RepositoryFile,
  type RepositoryPath,
} from '@portico/plugin-git-host-node';
import {
  assertRefName,
  assertRepositoryPath,
} from '../address/repositoryAddress';
import { type GitHostLimits } from '../config/readGitHostConfig';
import { gitEnvironment } from '../git/gitEnvironment';
import { type GitObjects } from '../git/GitObjects';
import { type GitProcesses } from '../git/GitProcesses';
import { assertTrailer, COMMIT_FORMAT, parseCommits } from './commitRecords';
import { KnownCommits } from './KnownCommits';
import { LastChanges } from './LastChanges';
import { readEntry } from './readEntry';
import { readRef } from './readRef';
import { FOLDER_MODE, isFileMode } from './treeEntries';
import { type TreeLine, parseTreeLines } from './treeLines';
import { DEFAULT_BRANCH, type RepositoryStore } from './RepositoryStore';

const COMMIT_ID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const MAX_LOG = 100;

/** Reads branches, commits, folders and files of the repositories of a store. */
export class RepositoryContent {
  readonly #store: RepositoryStore;
  readonly #processes: GitProcesses;
  readonly #limits: GitHostLimits;
  readonly #known = new KnownCommits();
  readonly #objects: GitObjects;
  readonly #lastChanges: LastChanges;

  constructor(options: {
    store: RepositoryStore;
    processes: GitProcesses;
    objects: GitObjects;
    limits: GitHostLimits;
  }) {
    this.#store = options.store;
    this.#processes = options.processes;
    this.#limits = options.limits;
    this.#objects = options.objects;
    this.#lastChanges = new LastChanges(options);
  }

  /** The branch that HEAD stands for; read without a process, since lists ask often. */
  async defaultBranch(address: RepositoryAddress): Promise<string> {
    const folder = await this.#store.folderOf(address);
    const text = await readFile(join(folder, 'HEAD'), 'utf8');
    return /^ref: refs\/heads\/(\S+)\s*$/.exec(text)?.[1] ?? DEFAULT_BRANCH;
  }

  /** The commit of a branch; undefined while the branch does not exist. */
  async branchHead(
    address: RepositoryAddress,
    branch: string,
  ): Promise<string | undefined> {
    assertRefName(branch);
    const head = await readRef(
      await this.#store.folderOf(address),
      `refs/heads/${branch}`,
    );
    if (head !== undefined) {
      return head;
    }
    const found = await this.#run(
      address,
      ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`],
      [1],
    );
    return found.stdout.toString('utf8').trim() || undefined;
  }

  /** Each branch and the commit it is at. */
  async branches(address: RepositoryAddress): Promise<Map<string, string>> {
    const refs = await this.refs(address, 'refs/heads/');
    return new Map(
      [...refs].map(([ref, id]) => [ref.slice('refs/heads/'.length), id]),
    );
  }

  /** Each ref, or each below a prefix, and what it points to. */
  async refs(
    address: RepositoryAddress,
    prefix?: 'refs/heads/',
  ): Promise<Map<string, string>> {
    const output = await this.#git(address, [
      'for-each-ref',
      '--format=%(objectname) %(refname)',
      ...(prefix ? [prefix] : []),
    ]);
    const refs = new Map<string, string>();
    for (const line of output.toString('utf8').split('\n')) {
      if (line) {
        const space = line.indexOf(' ');
        refs.set(line.slice(space + 1), line.slice(0, space));
      }
    }
    return refs;
  }

  /**
   * The commit of a branch, a tag or a commit id, in this order.
   *
   * @throws NotFoundError when there is none
   */
  async resolve(options: RepositoryAddress & { ref: string }): Promise<string> {
    const { ref } = options;
    assertRefName(ref);
    // Most other questions begin with this one: no process where a file says it.
    const folder = await this.#store.folderOf(options);
    const head =
      ref === 'HEAD' ? undefined : await readRef(folder, `refs/heads/${ref}`);
    if (head !== undefined) {
      await this.#known.add(folder, head);
      return head;
    }
    if (
      COMMIT_ID.test(ref) &&
      (await this.#known.has(folder, ref)) &&
      (await readRef(folder, `refs/tags/${ref}`)) === undefined
    ) {
      return ref;
    }
    const candidates =
      ref === 'HEAD' ? ['HEAD'] : [`refs/heads/${ref}`, `refs/tags/${ref}`];
    if (COMMIT_ID.test(ref)) {
      candidates.push(ref);
    }
    for (const candidate of candidates) {
      const found = await this.#objects.read(folder, `${candidate}^{commit}`);
      if (found?.type === 'commit') {
        await this.#known.add(folder, found.id);
        return found.id;
      }
    }
    throw new NotFoundError(
      `No branch or commit '${ref}' in ${options.tenant}/${options.repository}`,
    );
  }

  /** Content of one file; a link is not followed and counts as absent. */
  async readFile(path: RepositoryPath): Promise<Buffer> {
    assertRepositoryPath(path.path);
    const commit = await this.resolve(path);
    const folder = await this.#store.folderOf(path);
    const entry = await readEntry(this.#objects, folder, commit, path.path);
    const file =
      entry && isFileMode(entry.mode)
        ? await this.#objects.read(folder, entry.id, this.#limits.fileBytes)
        : undefined;
    if (!file) {
      throw new NotFoundError(
        `No file '${path.path}' at '${path.ref}' in ${path.tenant}/${path.repository}`,
      );
    }
    if (!file.content) {
      throw new InputError(
        `'${path.path}' has ${file.size} bytes; files above ${
          this.#limits.fileBytes
        } bytes are only given out by git clone`,
      );
    }
    return file.content;
  }

  /** Entries of one folder, folders first, by name. */
  async listFolder(path: RepositoryPath): Promise<TreeEntry[]> {
    assertRepositoryPath(path.path);
    const commit = await this.resolve(path);
    await this.#assertFolder(path, commit);
    const prefix = path.path === '' ? '' : `${path.path}/`;
    const lines = await this.#lines(path, [
      '-l',
      commit,
      '--',
      ...(prefix ? [prefix] : []),
    ]);
    return lines
      .map(line => ({
        path: line.path,
        kind: line.kind,
        ...(line.kind === 'file' && { size: line.size ?? 0 }),
      }))
      .sort(
        (a, b) =>
          Number(b.kind === 'folder') - Number(a.kind === 'folder') ||
          (a.path < b.path ? -1 : 1),
      );
  }

  /** The last commits, newest first. */
  async log(options: LogOptions): Promise<Commit[]> {
    const { trailer } = options;
    assertRepositoryPath(options.path ?? '');
    assertTrailer(trailer);
    const commit = await this.resolve(options);
    const notIn =
      options.notIn === undefined
        ? undefined
        : await this.resolve({ ...options, ref: options.notIn });
    const limit = Math.max(1, Math.min(MAX_LOG, Math.trunc(options.limit)));
    const output = await this.#git(options, [
      'log',
      '-z',
      `--max-count=${trailer ? MAX_LOG : limit}`,
      `--format=${COMMIT_FORMAT}`,
      ...(trailer
        ? ['--fixed-strings', `--grep=${trailer.name}: ${trailer.value}`]
        : []),
      commit,
      ...(notIn === undefined ? [] : ['--not', notIn]),
      '--',
      ...(options.path ? [options.path] : []),
    ]);
    return (
      parseCommits(output)
        // The words may stand in the text of a message too.
        .filter(
          ({ trailers }) =>
            !trailer || trailers[trailer.name] === trailer.value,
        )
        .slice(0, limit)
    );
  }

  /**
   * The commit that changed a file, or something below a folder, last.
   *
   * @returns undefined when no commit did
   */
  async lastChange(path: RepositoryPath): Promise<string | undefined> {
    assertRepositoryPath(path.path);
    const commit = await this.resolve(path);
    const folder = await this.#store.folderOf(path);
    const last =
      (await this.#lastChanges.find(folder, commit, path.path)) ??
      (await this.log({ ...path, ref: commit, limit: 1 }))[0]?.id;
    if (last !== undefined) {
      this.#lastChanges.keep(folder, path.path, { commit, last });
    }
    return last;
  }

  /** All files below a folder, within the limits; no links, no submodules. */
  async readTree(
    path: RepositoryPath,
  ): Promise<{ commit: string; files: RepositoryFile[] }> {
    assertRepositoryPath(path.path);
    const commit = await this.resolve(path);
    await this.#assertFolder(path, commit);
    const prefix = path.path === '' ? '' : `${path.path}/`;
    const lines = (
      await this.#lines(path, [
        '-r',
        '-l',
        commit,
        '--',
        ...(prefix ? [prefix] : []),
      ])
    ).filter(line => line.kind === 'file' && !hasUnsafeName(line.path));
    const bytes = lines.reduce((sum, line) => sum + (line.size ?? 0), 0);
    if (
      lines.length > this.#limits.treeFiles ||
      bytes > this.#limits.treeBytes
    ) {
      throw new InputError(
        `'${path.path || '/'}' in ${path.tenant}/${path.repository} has ${
          lines.length
        } files with ${bytes} bytes; at most ${
          this.#limits.treeFiles
        } files and ${this.#limits.treeBytes} bytes can be read in one piece`,
      );
    }
    const contents = await this.#blobs(
      path,
      lines.map(line => line.id),
      bytes,
    );
    return {
      commit,
      files: lines.map((line, index) => ({
        path: line.path.slice(prefix.length),
        executable: line.mode === '100755',
        content: contents[index],
      })),
    };
  }

  /** A tar archive (or tar.gz) of a folder below a leading `<repository>/`. */
  async archive(
    path: RepositoryPath & { format?: 'tar' | 'tar.gz' },
  ): Promise<{ commit: string; stream: Readable }> {
    assertRepositoryPath(path.path);
    const commit = await this.resolve(path);
    await this.#assertFolder(path, commit);
    const gitDirectory = await this.#store.folderOf(path);
    const child = this.#processes.start(
      'git',
      [
        'archive',
        `--format=${path.format ?? 'tar'}`,
        `--prefix=${path.repository}/`,
        commit,
        ...(path.path === '' ? [] : ['--', path.path]),
      ],
      { environment: { ...gitEnvironment(), GIT_DIR: gitDirectory } },
    );
    child.stdin.on('error', () => {});
    child.stdin.end();
    child.stderr.resume();
    // Node throws away unread output of a process that ended, hence the detour.
    const stream = new PassThrough();
    const timer = setTimeout(
      () => this.#processes.end(child),
      this.#limits.transferSeconds * 1_000,
    );
    child.once('close', code => {
      clearTimeout(timer);
      if (code !== 0) {
        stream.destroy(new Error('The archive could not be made'));
      }
    });
    child.once('error', error => stream.destroy(error));
    stream.once('close', () => this.#processes.end(child));
    child.stdout.pipe(stream);
    return { commit, stream };
  }

  async #assertFolder(path: RepositoryPath, commit: string): Promise<void> {
    if (path.path === '') {
      return;
    }
    const folder = await this.#store.folderOf(path);
    const entry = await readEntry(this.#objects, folder, commit, path.path);
    if (entry?.mode !== FOLDER_MODE) {
      throw new NotFoundError(
        `No folder '${path.path}' at '${path.ref}' in ${path.tenant}/${path.repository}`,
      );
    }
  }

  async #lines(
    address: RepositoryAddress,
    args: string[],
  ): Promise<TreeLine[]> {
    return parseTreeLines(
      await this.#git(address, ['ls-tree', '-z', '--full-tree', ...args]),
    );
  }

  /** Contents of many blobs, in the order that was asked. */
  async #blobs(
    address: RepositoryAddress,
    ids: string[],
    bytes: number,
  ): Promise<Buffer[]> {
    const folder = await this.#store.folderOf(address);
    return Promise.all(
      ids.map(async id => {
        const found = await this.#objects.read(folder, id, bytes);
        if (found?.type !== 'blob' || !found.content) {
          throw new NotFoundError('A file of the tree is missing');
        }
        return found.content;
      }),
    );
  }

  async #git(address: RepositoryAddress, args: string[]): Promise<Buffer> {
    const result = await this.#processes.run(args, {
      gitDirectory: await this.#store.folderOf(address),
    });
    return result.stdout;
  }

  async #run(
    address: RepositoryAddress,
    args: string[],
    allowExitCodes: number[],
  ) {
    return this.#processes.run(args, {
      gitDirectory: await this.#store.folderOf(address),
      allowExitCodes,
    });
  }
}

/** Names that are harmless in Git but not as files on a disk. */
function hasUnsafeName(path: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return /[\u0000-\u001f\\]/.test(path);
}
