import { randomUUID } from 'node:crypto';
import { type BedState } from '@portico/testbed';
import { z } from 'zod';

const PASSWORD = 'only-for-this-bed-1';
const REQUEST_MS = 20_000;
const commitSchema = z.object({ commit: z.object({ sha: z.string() }) });
const branchSchema = z.object({ commit: z.object({ id: z.string() }) });
const logSchema = z.array(
  z.object({ sha: z.string(), commit: z.object({ message: z.string() }) }),
);

/** Asks Gitea as somebody. */
interface Asks {
  ask(method: string, path: string, body?: object): Promise<unknown>;
}

/** A repository on it, as other people change it. */
export class RealRepository {
  readonly name: string;
  readonly #gitea: Asks;

  constructor(gitea: Asks, name: string) {
    this.#gitea = gitea;
    this.name = name;
  }

  /** Somebody pushes files to a branch. */
  async push(
    branch: string,
    files: Readonly<Record<string, string>>,
  ): Promise<string> {
    const answer = await this.ask('POST', '/contents', {
      branch,
      message: 'A push',
      files: Object.entries(files).map(([path, content]) => ({
        operation: 'upload',
        path,
        content: Buffer.from(content).toString('base64'),
      })),
    });
    return commitSchema.parse(answer).commit.sha;
  }

  async head(branch = 'main'): Promise<string> {
    const answer = await this.ask(
      'GET',
      `/branches/${encodeURIComponent(branch)}`,
    );
    return branchSchema.parse(answer).commit.id;
  }

  async branches(): Promise<string[]> {
    const answer = await this.ask('GET', '/branches?limit=50');
    return z
      .array(z.object({ name: z.string() }))
      .parse(answer)
      .map(({ name }) => name)
      .sort();
  }

  /** Commits of the main branch, newest first. */
  async log() {
    return logSchema.parse(await this.ask('GET', '/commits?sha=main'));
  }

  ask(method: string, path: string, body?: object): Promise<unknown> {
    return this.#gitea.ask(method, `/repos/${this.name}${path}`, body);
  }
}

/** Gitea of the test bed, with the organisation `aurora` and an account that may write there. */
export class RealGitea {
  static async open(bed: NonNullable<BedState['gitea']>): Promise<RealGitea> {
    const gitea = new RealGitea(bed.url, `token ${bed.token}`);
    const name = `portico-${randomUUID().slice(0, 8)}`;
    await gitea.ask('POST', '/orgs', { username: 'aurora' }, [201, 422]);
    await gitea.ask('POST', '/admin/users', {
      username: name,
      email: `${name}@example.test`,
      password: PASSWORD,
      must_change_password: false,
    });
    const basic = Buffer.from(`${name}:${PASSWORD}`).toString('base64');
    const made = await new RealGitea(bed.url, `Basic ${basic}`).ask(
      'POST',
      `/users/${name}/tokens`,
      { name: 'portico', scopes: ['write:repository', 'write:issue'] },
    );
    gitea.#account = name;
    gitea.#token = z.object({ sha1: z.string() }).parse(made).sha1;
    return gitea;
  }

  readonly url: string;
  readonly #authorization: string;
  #account = '';
  #token = '';

  private constructor(url: string, authorization: string) {
    this.url = url;
    this.#authorization = authorization;
  }

  /** Of the account that may write. */
  get token(): string {
    return this.#token;
  }

  /** A repository of its own in the organisation. */
  async makeRepository(
    files: Readonly<Record<string, string>>,
    permission: 'read' | 'write' = 'write',
  ): Promise<RealRepository> {
    const name = `deployments-${randomUUID().slice(0, 8)}`;
    await this.ask('POST', '/orgs/aurora/repos', {
      name,
      default_branch: 'main',
      auto_init: true,
    });
    const repository = new RealRepository(this, `aurora/${name}`);
    await this.ask(
      'PUT',
      `/repos/${repository.name}/collaborators/${this.#account}`,
      { permission },
    );
    await repository.push('main', files);
    return repository;
  }

  /** Asks as the administrator. */
  async ask(
    method: string,
    path: string,
    body?: object,
    allowed: readonly number[] = [200, 201, 204],
  ): Promise<unknown> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: this.#authorization,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    const text = await response.text();
    if (!allowed.includes(response.status)) {
      throw new Error(`${method} ${path}: ${response.status} ${text}`);
    }
    return text === '' ? undefined : JSON.parse(text);
  }
}
