import { mkdtemp, rm } from 'fs/promises';
import { devNull, tmpdir } from 'os';
import { join } from 'path';
import {
  type CheckpointDestination,
  type CheckpointFile,
  type DeliveryOutcome,
} from './CheckpointDestination';
import { GitError, runGit } from './runGit';

const LOCAL_MILLISECONDS = 15_000;
const REMOTE_MILLISECONDS = 60_000;
/** How often another writer may be faster before the delivery is put off. */
const ATTEMPTS = 3;
const TIP = 'refs/portico/tip';

/**
 * A branch of a Git repository on a server that others own. Commits are added, never
 * replaced: nothing is pushed with force.
 */
export class GitDestination implements CheckpointDestination {
  readonly type = 'git';
  readonly name: string;
  readonly #url: string;
  readonly #branch: string;
  readonly #author: string;
  readonly #settings: ReadonlyArray<readonly [string, string]>;
  /** A bare repository on this machine, thrown away in the end. */
  #directory: Promise<string> | undefined;

  constructor(options: {
    name: string;
    url: string;
    branch: string;
    username?: string;
    password?: string;
    /** Host name of the portal, for the commits' author. */
    origin: string;
  }) {
    this.name = options.name;
    this.#url = options.url;
    this.#branch = `refs/heads/${options.branch}`;
    this.#author = options.origin.replace(/:.*/, '');
    const url = new URL(options.url);
    const credential = Buffer.from(`${options.username}:${options.password}`);
    this.#settings = [
      ['safe.directory', '*'],
      ['core.hooksPath', devNull],
      ['gc.auto', '0'],
      ['protocol.allow', 'never'],
      [`protocol.${url.protocol.slice(0, -1)}.allow`, 'always'],
      // A credential goes to this server and to no other.
      ['http.followRedirects', 'false'],
      ['http.lowSpeedLimit', '1'],
      ['http.lowSpeedTime', '20'],
      ...(options.username
        ? ([
            [
              `http.${url.origin}/.extraHeader`,
              `Authorization: Basic ${credential.toString('base64')}`,
            ],
          ] as const)
        : []),
    ];
  }

  async deliver(
    files: readonly CheckpointFile[],
    signal: AbortSignal,
  ): Promise<DeliveryOutcome[]> {
    for (let attempt = 1; ; attempt += 1) {
      const parent = await this.#fetch(signal);
      const { outcomes, missing } = await this.#compare(parent, files, signal);
      if (missing.length === 0) {
        return outcomes;
      }
      const commit = await this.#commit(parent, missing, signal);
      try {
        await this.#remote(
          ['push', '--quiet', this.#url, `${commit}:${this.#branch}`],
          signal,
        );
        return outcomes;
      } catch (error) {
        const overtaken =
          error instanceof GitError &&
          /rejected|fetch first|cannot lock ref/.test(error.stderr);
        if (!overtaken || attempt === ATTEMPTS) {
          throw error;
        }
      }
    }
  }

  async close(): Promise<void> {
    const directory = await this.#directory?.catch(() => undefined);
    if (directory) {
      await rm(directory, { recursive: true, force: true });
    }
  }

  /** The newest commit of the branch; none while there is no branch. */
  async #fetch(signal: AbortSignal): Promise<string | undefined> {
    const listed = await this.#remote(
      ['ls-remote', '--quiet', this.#url, this.#branch],
      signal,
    );
    if (listed.trim() === '') {
      return undefined;
    }
    await this.#remote(
      // A forced move is fetched as it is; what it lost shows as missing files.
      ['fetch', '--quiet', '--no-tags', this.#url, `+${this.#branch}:${TIP}`],
      signal,
    );
    return (await this.#local(['rev-parse', TIP], signal)).trim();
  }

  async #compare(
    parent: string | undefined,
    files: readonly CheckpointFile[],
    signal: AbortSignal,
  ) {
    const present = new Map<string, string>();
    if (parent) {
      const listed = await this.#local(
        ['ls-tree', '-r', '-z', '--full-tree', parent],
        signal,
      );
      for (const line of listed.split('\0').filter(Boolean)) {
        // <mode> SP blob SP <object> TAB <path>
        const [head, path] = line.split('\t');
        present.set(path, head.split(' ')[2]);
      }
    }
    const missing: Array<{ file: CheckpointFile; object: string }> = [];
    const outcomes: DeliveryOutcome[] = [];
    for (const file of files) {
      const object = (
        await this.#local(['hash-object', '-w', '--stdin'], signal, {
          input: file.note,
        })
      ).trim();
      const found = present.get(file.name);
      if (found === undefined) {
        missing.push({ file, object });
      }
      outcomes.push(
        found === undefined || found === object ? 'delivered' : 'conflict',
      );
    }
    return { outcomes, missing };
  }

  /** A commit with the missing files on top of the branch, without a work tree. */
  async #commit(
    parent: string | undefined,
    missing: ReadonlyArray<{ file: CheckpointFile; object: string }>,
    signal: AbortSignal,
  ): Promise<string> {
    await this.#local(
      parent ? ['read-tree', parent] : ['read-tree', '--empty'],
      signal,
    );
    await this.#local(['update-index', '-z', '--index-info'], signal, {
      input: missing
        .map(({ file, object }) => `100644 ${object}\t${file.name}\0`)
        .join(''),
    });
    const tree = (await this.#local(['write-tree'], signal)).trim();
    const names = missing.map(({ file }) => file.name);
    const subject =
      names.length === 1
        ? `Keep ${names[0]}`
        : `Keep ${names.length} checkpoints\n\n${names.join('\n')}`;
    const author = {
      NAME: 'Portico audit',
      EMAIL: `audit@${this.#author}`,
    };
    const commit = await this.#local(
      ['commit-tree', tree, ...(parent ? ['-p', parent] : [])],
      signal,
      {
        input: `${subject}\n`,
        environment: {
          GIT_AUTHOR_NAME: author.NAME,
          GIT_AUTHOR_EMAIL: author.EMAIL,
          GIT_COMMITTER_NAME: author.NAME,
          GIT_COMMITTER_EMAIL: author.EMAIL,
        },
      },
    );
    return commit.trim();
  }

  #remote(args: readonly string[], signal: AbortSignal): Promise<string> {
    return this.#git(args, signal, REMOTE_MILLISECONDS);
  }

  #local(
    args: readonly string[],
    signal: AbortSignal,
    more: { input?: string; environment?: Record<string, string> } = {},
  ): Promise<string> {
    return this.#git(args, signal, LOCAL_MILLISECONDS, more);
  }

  async #git(
    args: readonly string[],
    signal: AbortSignal,
    timeoutMilliseconds: number,
    more: { input?: string; environment?: Record<string, string> } = {},
  ): Promise<string> {
    this.#directory ??= this.#init(signal);
    const directory = await this.#directory.catch(error => {
      this.#directory = undefined;
      throw error;
    });
    return runGit(args, {
      ...more,
      directory,
      environment: { GIT_DIR: directory, ...more.environment },
      settings: this.#settings,
      timeoutMilliseconds,
      signal,
    });
  }

  async #init(signal: AbortSignal): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'portico-audit-'));
    await runGit(['init', '--quiet', '--bare', directory], {
      directory,
      settings: this.#settings,
      timeoutMilliseconds: LOCAL_MILLISECONDS,
      signal,
    });
    return directory;
  }
}
