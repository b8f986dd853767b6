import { createHash } from 'node:crypto';
import { ConflictError, ServiceUnavailableError } from '@backstage/errors';
import {
  type DeploymentFileContent,
  type DeploymentRepository,
  type DeploymentRepositoryHost,
  type PullRequest,
  type PullRequests,
} from '@portico/plugin-promotions-node';

interface TestCommit {
  parents: string[];
  files: Record<string, string>;
  message: string;
  trailers: Record<string, string>;
}

/** One repository with pull requests, in memory: commits, branches and their rules. */
export class TestForge implements DeploymentRepository {
  readonly url = 'https://forge.example/aurora/deployments';
  readonly host: DeploymentRepositoryHost = {
    kind: 'forge',
    open: async () => this,
  };
  readonly pullRequests: PullRequests = {
    find: async branch => this.#findOf(branch),
    open: async options => this.#open(options),
    setStatus: async ({ context, state }) => {
      this.statuses.push(`${context} ${state}`);
    },
    merge: async options => this.#merge(options),
  };
  readonly commits = new Map<string, TestCommit>();
  readonly branches = new Map<string, string>();
  readonly opened: Array<PullRequest & { branch: string; base: string }> = [];
  readonly statuses: string[] = [];
  /** How many merges are refused as too early. */
  busyMerges = 0;
  /** Fails the next calls of these names, after they did what they do. */
  readonly breaksAfter: string[] = [];

  constructor(files: Record<string, string>) {
    this.push('main', files);
  }

  async #open({
    branch,
    base,
  }: Parameters<PullRequests['open']>[0]): Promise<PullRequest> {
    if (this.opened.some(one => one.branch === branch)) {
      throw new ConflictError('There is one already');
    }
    const id = String(this.opened.length + 1);
    this.opened.push({
      id,
      url: `${this.url}/pulls/${id}`,
      state: 'open',
      head: this.branches.get(branch) ?? '',
      branch,
      base,
    });
    this.#mayBreak('open');
    return this.#pullRequest(id);
  }

  #findOf(branch: string): PullRequest | undefined {
    const found = this.opened.find(one => one.branch === branch);
    return found && this.#pullRequest(found.id);
  }

  async #merge({
    id,
    expectedHead,
  }: Parameters<PullRequests['merge']>[0]): Promise<PullRequest> {
    if (this.busyMerges > 0) {
      this.busyMerges -= 1;
      throw new ServiceUnavailableError('Please try again later');
    }
    if (this.#pullRequest(id).head !== expectedHead) {
      throw new ConflictError('The head moved');
    }
    this.mergeByHand(id);
    this.#mayBreak('merge');
    return this.#pullRequest(id);
  }

  mergeByHand(id: string): void {
    const found = this.#find(id);
    const from = this.#commit(this.#pullRequest(id).head);
    const to = this.branches.get(found.base) ?? '';
    const there = new Set(this.#history(to));
    const shared = this.#history(this.#pullRequest(id).head).find(one =>
      there.has(one),
    );
    const before = shared === undefined ? {} : this.#commit(shared).files;
    const changed = Object.entries(from.files).filter(
      ([path, content]) => before[path] !== content,
    );
    found.mergeCommit = this.#add(found.base, {
      parents: [to, this.#pullRequest(id).head],
      files: { ...this.#commit(to).files, ...Object.fromEntries(changed) },
      message: `Merge ${id}`,
      trailers: {},
    });
    found.state = 'merged';
  }

  async head(branch = 'main') {
    const commit = this.branches.get(branch);
    return commit === undefined ? undefined : { branch, commit };
  }

  async readFile({ commit, path }: { commit: string; path: string }) {
    return this.commits.get(commit)?.files[path];
  }

  async readFolder({
    commit,
    path,
  }: {
    commit: string;
    path: string;
  }): Promise<DeploymentFileContent[]> {
    return Object.entries(this.#commit(commit).files)
      .filter(([name]) => path === '' || name.startsWith(`${path}/`))
      .map(([name, content]) => ({ path: name, content }));
  }

  async findByTrailer(options: {
    branch: string;
    name: string;
    value: string;
  }) {
    return this.#history(this.branches.get(options.branch)).find(
      id => this.#commit(id).trailers[options.name] === options.value,
    );
  }

  async lastChange({ commit, path }: { commit: string; path: string }) {
    const of = (id: string | undefined) =>
      JSON.stringify(
        Object.entries(id ? this.#commit(id).files : {}).filter(([name]) =>
          name.startsWith(`${path}/`),
        ),
      );
    let id = commit;
    for (;;) {
      const [parent] = this.#commit(id).parents;
      if (parent === undefined || of(parent) !== of(id)) {
        return id;
      }
      id = parent;
    }
  }

  async changes({ commit, path }: { commit: string; path: string }) {
    return this.#history(commit)
      .filter(id => {
        const [parent] = this.#commit(id).parents;
        return (
          this.#commit(id).files[path] !==
          (parent && this.#commit(parent).files[path])
        );
      })
      .slice(0, 50)
      .map(id => ({
        id,
        author: 'Kim',
        committedAt: '2026-11-21T11:00:00.000Z',
        trailers: this.#commit(id).trailers,
        url: `${this.url}/commit/${id}`,
      }));
  }

  async contains({ branch, commit }: { branch: string; commit: string }) {
    return this.#history(this.branches.get(branch)).includes(commit);
  }

  async commit(options: Parameters<DeploymentRepository['commit']>[0]) {
    const at = this.branches.get(options.branch);
    if (at !== undefined && at !== options.expectedHead) {
      throw new ConflictError('The branch is elsewhere');
    }
    const commit = this.#add(options.branch, {
      parents: [options.expectedHead],
      files: {
        ...this.#commit(options.expectedHead).files,
        ...Object.fromEntries(
          options.files.map(({ path, content }) => [path, content]),
        ),
      },
      message: options.message,
      trailers: options.trailers,
    });
    this.#mayBreak('commit');
    return { commit, url: `${this.url}/commit/${commit}` };
  }

  /** Somebody pushes files. */
  push(
    branch: string,
    files: Record<string, string>,
    trailers: Record<string, string> = {},
  ): string {
    const at = this.branches.get(branch);
    return this.#add(branch, {
      parents: at === undefined ? [] : [at],
      files: { ...(at ? this.#commit(at).files : {}), ...files },
      message: 'A push',
      trailers,
    });
  }

  #add(branch: string, commit: TestCommit): string {
    const id = createHash('sha1')
      .update(JSON.stringify([commit, this.commits.size]))
      .digest('hex');
    this.commits.set(id, commit);
    this.branches.set(branch, id);
    return id;
  }

  /** Each commit once, however many merges lead to it. */
  #history(head: string | undefined): string[] {
    const found = new Set(head === undefined ? [] : [head]);
    for (const id of found) {
      this.#commit(id).parents.forEach(parent => found.add(parent));
    }
    return [...found];
  }

  #commit(id: string): TestCommit {
    const commit = this.commits.get(id);
    if (!commit) {
      throw new Error(`No commit ${id}`);
    }
    return commit;
  }

  #find(id: string) {
    const found = this.opened.find(one => one.id === id);
    if (!found) {
      throw new Error(`No pull request ${id}`);
    }
    return found;
  }

  #pullRequest(id: string): PullRequest {
    const { branch, base, ...pullRequest } = this.#find(id);
    return {
      ...pullRequest,
      head: this.branches.get(branch) ?? pullRequest.head,
    };
  }

  #mayBreak(name: string): void {
    const index = this.breaksAfter.indexOf(name);
    if (index >= 0) {
      this.breaksAfter.splice(index, 1);
      throw new Error(`The connection broke after ${name}`);
    }
  }
}
