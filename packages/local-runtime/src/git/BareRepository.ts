import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryNameSchema } from '@portico/plugin-git-host-common';
import { type SourceCommit } from '@portico/plugin-local-runtime-common';
import { isTenantId } from '@portico/plugin-tenancy-common';
import { runGit } from './runGit';

/** The default branch of a repository and what it points at. */
export interface RepositoryHead {
  branch: string;
  commit: string;
}

const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** A bare repository of the Git host; everything here only reads it. */
export class BareRepository {
  constructor(
    readonly tenant: string,
    readonly name: string,
    private readonly folder: string,
  ) {}

  /**
   * The default branch, or undefined while the repository is empty. Reads two small
   * files instead of starting git, because it is asked every few seconds.
   */
  async head(): Promise<RepositoryHead | undefined> {
    const head = await readText(join(this.folder, 'HEAD'));
    const branch = /^ref: refs\/heads\/(\S+)\s*$/.exec(head)?.[1];
    if (branch === undefined || branch.includes('..')) {
      return undefined;
    }
    const loose = (
      await readText(join(this.folder, 'refs/heads', branch))
    ).trim();
    if (COMMIT.test(loose)) {
      return { branch, commit: loose };
    }
    const packed = (await readText(join(this.folder, 'packed-refs')))
      .split('\n')
      .find(line => line.endsWith(` refs/heads/${branch}`))
      ?.split(' ')[0];
    return packed !== undefined && COMMIT.test(packed)
      ? { branch, commit: packed }
      : undefined;
  }

  async describe(commit: string): Promise<SourceCommit> {
    const text = (
      await runGit(this.folder, [
        'show',
        '--no-patch',
        '--format=%H%x00%s%x00%an%x00%cI',
        commit,
      ])
    ).toString('utf8');
    const [id, subject, authorName, committedAt] = text.trimEnd().split('\0');
    return {
      id,
      subject: subject.slice(0, 500),
      authorName: authorName.slice(0, 200),
      committedAt: new Date(committedAt).toISOString(),
    };
  }

  /** A file of a commit; undefined when it has none there or it is no plain file. */
  async readFile(commit: string, path: string): Promise<string | undefined> {
    return (await this.readFiles(commit, [path])).get(path);
  }

  /** All paths of a commit. */
  async listFiles(commit: string): Promise<string[]> {
    const list = await runGit(this.folder, [
      'ls-tree',
      '-r',
      '-z',
      '--name-only',
      commit,
    ]);
    return list.toString('utf8').split('\0').filter(Boolean);
  }

  /** Files of a commit in one go; those that are missing are left out. */
  async readFiles(
    commit: string,
    paths: string[],
  ): Promise<Map<string, string>> {
    const files = new Map<string, string>();
    const asked = paths.filter(path => !path.includes('\n'));
    if (asked.length === 0) {
      return files;
    }
    const answer = await runGit(this.folder, ['cat-file', '--batch'], {
      input: asked.map(path => `${commit}:${path}\n`).join(''),
    });
    let position = 0;
    for (const path of asked) {
      const end = answer.indexOf('\n', position);
      const line = answer.toString('utf8', position, end);
      position = end + 1;
      const size = /^[0-9a-f]+ (\w+) (\d+)$/.exec(line);
      if (size === null) {
        continue;
      }
      const bytes = Number(size[2]);
      if (size[1] === 'blob') {
        files.set(path, answer.toString('utf8', position, position + bytes));
      }
      position += bytes + 1;
    }
    return files;
  }

  /** Writes the files of a commit into a new folder: no `.git`, no way back. */
  async checkOut(commit: string, folder: string, index: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    const environment = { GIT_INDEX_FILE: index, GIT_WORK_TREE: folder };
    await runGit(this.folder, ['read-tree', commit], { environment });
    await runGit(this.folder, ['checkout-index', '--all', '--quiet'], {
      environment,
    });
  }
}

/** A repository by name; undefined for a name that none can have. */
export function openRepository(
  directory: string,
  tenant: string,
  name: string,
): BareRepository | undefined {
  return isTenantId(tenant) && repositoryNameSchema.safeParse(name).success
    ? new BareRepository(tenant, name, join(directory, tenant, `${name}.git`))
    : undefined;
}

function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
