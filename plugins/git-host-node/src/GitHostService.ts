import { type Readable } from 'node:stream';
import { createServiceRef } from '@backstage/backend-plugin-api';
import { type AuditContext } from '@portico/plugin-audit-node';
import {
  type Commit,
  type Repository,
  type TreeEntry,
} from '@portico/plugin-git-host-common';

/** Where something lies in the Git host. */
export interface RepositoryAddress {
  tenant: string;
  repository: string;
}

/** A file or folder at a branch or commit. */
export interface RepositoryPath extends RepositoryAddress {
  /** Branch name or commit. */
  ref: string;
  /** Relative to the repository's root, `''` for the root; never with `..`. */
  path: string;
}

/** A file of a tree that was read. */
export interface RepositoryFile {
  /** Relative to the folder that was asked for. */
  path: string;
  executable: boolean;
  content: Buffer;
}

/** Which commits {@link GitHostService.log} tells of. */
export interface LogOptions extends RepositoryAddress {
  /** Branch name or commit. */
  ref: string;
  /** At most 100. */
  limit: number;
  /** Only those that changed this file, or something below this folder. */
  path?: string;
  /** Without those that are in the history of this branch or commit as well. */
  notIn?: string;
  /** Only those with this Git trailer, in the whole history. */
  trailer?: { name: string; value: string };
}

export interface CommitOptions extends RepositoryAddress {
  branch: string;
  message: string;
  author: { name: string; email: string };
  /** Ref of the user on whose behalf it is done; goes to the push event. */
  onBehalfOf: string;
  /** Who does it, for the audit. */
  by: AuditContext;
  /** A folder whose whole content becomes the commit's tree. */
  directory: string;
  /**
   * With it, `directory` is laid over what the branch holds, under this path (`''`
   * is the root): its files are added or replaced, everything else is kept.
   */
  overlayPath?: string;
  /**
   * The commit that the branch must be at, `undefined` when it must not exist.
   * A `ConflictError` says that someone else was first.
   */
  expectedHead: string | undefined;
  /** Git trailers, such as `Portico-Task: <id>`. */
  trailers?: Record<string, string>;
}

/** Files to lay over what a branch holds. */
export interface CommitFilesOptions
  extends Omit<CommitOptions, 'directory' | 'overlayPath' | 'expectedHead'> {
  /** They are added or replaced, as files that nobody executes unless they were before. */
  files: ReadonlyArray<{ path: string; content: string }>;
  /** The commit that the branch must be at; a `ConflictError` says that it is not. */
  expectedHead: string;
}

/** Who a commit names as having written it. */
export interface CommitAuthor {
  name: string;
  email: string;
}

/**
 * The embedded Git host, for other backend parts in the same process.
 *
 * It checks addresses (names, traversal, symlinks) but **not** who is asking:
 * a caller that acts for a user compares the tenant first.
 */
export interface GitHostService {
  /** `<backend.baseUrl>/api/git-host`, without a slash at the end. */
  readonly baseUrl: string;
  list(options: { tenant: string }): Promise<Repository[]>;
  get(address: RepositoryAddress): Promise<Repository | undefined>;
  /** Creates an empty bare repository; `ConflictError` when the name is taken. */
  create(
    options: RepositoryAddress & { description: string; by: AuditContext },
  ): Promise<Repository>;
  /** Deletes a repository and all of its history. */
  delete(options: RepositoryAddress & { by: AuditContext }): Promise<void>;
  /**
   * Commits a folder and fires the push event; returns the commit's id. When the
   * branch holds exactly this content already, nothing is committed and the id is
   * that of the branch. `InputError` for content that cannot be stored: `.git`
   * folders, symlinks that leave the folder, too many or too large files.
   */
  commit(options: CommitOptions): Promise<{ commit: string }>;
  /**
   * Commits some files to a branch that is there, as `commit` does with a folder, and much
   * quicker. `InputError` where something else than a file or folder is in the way.
   */
  commitFiles(options: CommitFilesOptions): Promise<{ commit: string }>;
  /** Resolves a branch or commit to a commit id; `NotFoundError` without one. */
  resolve(options: RepositoryAddress & { ref: string }): Promise<string>;
  /** Content of a file; `NotFoundError`, or `InputError` above the size limit. */
  readFile(path: RepositoryPath): Promise<Buffer>;
  /** Entries of one folder, folders first, by name. */
  listFolder(path: RepositoryPath): Promise<TreeEntry[]>;
  /** The last commits of a branch or commit, newest first. */
  log(options: LogOptions): Promise<Commit[]>;
  /**
   * The commit, in the history of a branch or commit, that changed a file or something below a
   * folder last; undefined when none did.
   */
  lastChange(path: RepositoryPath): Promise<string | undefined>;
  /**
   * Who wrote the commits of a branch or commit that are not in the history of `notIn`,
   * those named by `Co-authored-by` too; each address once. `NotFoundError` when there is no such commit,
   * `InputError` when there are more commits than the host looks through.
   */
  authors(
    options: RepositoryAddress & { ref: string; notIn?: string },
  ): Promise<CommitAuthor[]>;
  /**
   * All files below a folder, for small trees such as skeletons: `InputError` above
   * the limits of the host. Symlinks and submodules are left out.
   */
  readTree(
    path: RepositoryPath,
  ): Promise<{ commit: string; files: RepositoryFile[] }>;
  /** A tar archive of a folder, below one leading folder `<repository>/`. */
  archive(path: RepositoryPath): Promise<{ commit: string; stream: Readable }>;
  /** `<baseUrl>/<tenant>/<repository>/src/branch/<ref>/<path>`. */
  urlOf(path: RepositoryPath): string;
  /** The reverse of `urlOf`; undefined for an address elsewhere. */
  parseUrl(url: string): RepositoryPath | undefined;
}

/** The embedded Git host; its factory comes with the git-host backend plugin. */
export const gitHostServiceRef = createServiceRef<GitHostService>({
  id: 'portico.git-host',
  scope: 'root',
});
