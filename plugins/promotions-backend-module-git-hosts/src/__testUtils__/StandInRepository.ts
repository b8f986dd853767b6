import { createHash } from 'node:crypto';

const START = Date.parse('2026-11-01T08:00:00Z');

interface StandInCommit {
  parents: string[];
  files: Readonly<Record<string, string>>;
  message: string;
  at: string;
}

/** Who wrote every commit of a stand-in. */
export const AUTHOR = { name: 'Sam', email: 'sam@aurora.example' } as const;

/** A pull request as the stand-in keeps it. */
export interface StandInPullRequest {
  number: number;
  branch: string;
  base: string;
  state: 'open' | 'closed' | 'merged';
  mergeCommit: string | undefined;
}

/** One repository in memory: commits, branches, pull requests and statuses. */
export class StandInRepository {
  readonly commits = new Map<string, StandInCommit>();
  readonly branches = new Map<string, string>();
  readonly pullRequests: StandInPullRequest[] = [];
  readonly statuses: Array<{ commit: string; context: string; state: string }> =
    [];
  /** Nobody commits on these. */
  readonly protectedBranches = new Set<string>();
  /** Why nothing is merged at the moment. */
  mergesWaitFor: string | undefined;
  mayMerge = true;

  constructor(files: Record<string, string>) {
    this.push('main', files, 'The beginning');
  }

  /** Somebody pushes files. */
  push(branch: string, files: Record<string, string>, message = 'A push') {
    const at = this.branches.get(branch);
    const commit = this.make(at, files, message);
    this.branches.set(branch, commit);
    return commit;
  }

  /** A commit that no branch leads to. */
  make(
    parent: string | undefined,
    files: Readonly<Record<string, string>>,
    message: string,
    more: string[] = [],
  ): string {
    const commit = {
      parents: [...(parent ? [parent] : []), ...more],
      files: { ...(parent ? this.commit(parent).files : {}), ...files },
      message,
      at: new Date(START + this.commits.size * 60_000).toISOString(),
    };
    const id = shaOf(JSON.stringify([commit, this.commits.size]));
    this.commits.set(id, commit);
    return id;
  }

  commit(id: string): StandInCommit {
    const commit = this.commits.get(id);
    if (!commit) {
      throw new Error(`There is no commit ${id}`);
    }
    return commit;
  }

  /** The commit of a branch or of itself. */
  resolve(ref: string): string | undefined {
    return this.branches.get(ref) ?? (this.commits.has(ref) ? ref : undefined);
  }

  /** Newest first; of a path only those that changed something below it. */
  log(ref: string, path?: string): string[] {
    const start = this.resolve(ref);
    const all = start === undefined ? [] : this.#history(start);
    return path === undefined
      ? all
      : all.filter(id => {
          const { parents, files } = this.commit(id);
          const [parent] = parents;
          return (
            below(files, path) !==
            below(parent === undefined ? {} : this.commit(parent).files, path)
          );
        });
  }

  /** Commits that lead to one and not to the other. */
  missing(from: string, to: string): string[] {
    const known = new Set(this.log(from));
    return this.log(to).filter(id => !known.has(id));
  }

  isFastForward(branch: string, commit: string): boolean {
    const head = this.branches.get(branch);
    return head !== undefined && this.log(commit).includes(head);
  }

  blob(sha: string): string | undefined {
    for (const { files } of this.commits.values()) {
      for (const content of Object.values(files)) {
        if (shaOf(content) === sha) {
          return content;
        }
      }
    }
    return undefined;
  }

  headOf({ branch }: StandInPullRequest): string {
    return this.branches.get(branch) ?? '';
  }

  open(branch: string, base: string): StandInPullRequest {
    const opened: StandInPullRequest = {
      number: this.pullRequests.length + 1,
      branch,
      base,
      state: 'open',
      mergeCommit: undefined,
    };
    this.pullRequests.push(opened);
    return opened;
  }

  merge(pullRequest: StandInPullRequest): string {
    const { base, number } = pullRequest;
    const from = this.headOf(pullRequest);
    const commit = this.make(
      this.branches.get(base),
      this.commit(from).files,
      `Merge ${number}`,
      [from],
    );
    this.branches.set(base, commit);
    pullRequest.state = 'merged';
    pullRequest.mergeCommit = commit;
    return commit;
  }

  #history(start: string): string[] {
    const seen = new Set<string>();
    const next = [start];
    for (let id = next.shift(); id !== undefined; id = next.shift()) {
      if (!seen.has(id)) {
        seen.add(id);
        next.push(...this.commit(id).parents);
      }
    }
    return [...seen];
  }
}

/** Forty digits that a content or commit is known by. */
export function shaOf(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

function below(files: Readonly<Record<string, string>>, path: string): string {
  return JSON.stringify(
    Object.entries(files)
      .filter(([name]) => name === path || name.startsWith(`${path}/`))
      .sort(),
  );
}
