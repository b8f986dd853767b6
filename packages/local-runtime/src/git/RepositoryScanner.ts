import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DEPLOYMENTS_REPOSITORY } from '@portico/plugin-git-host-common';
import {
  type BareRepository,
  openRepository,
  type RepositoryHead,
} from './BareRepository';

/** Whoever wants to know of changed default branches. */
export interface HeadListener {
  /** A repository of code has another head than before; undefined when it is gone. */
  onSource(
    repository: BareRepository,
    head: RepositoryHead | undefined,
  ): Promise<void>;
  /** The same for the tenant's repository `deployments`. */
  onDeployments(
    repository: BareRepository,
    head: RepositoryHead | undefined,
  ): Promise<void>;
  onError(repository: string, error: unknown): void;
}

/** Looks at all bare repositories every few seconds, and at one when hinted. */
export class RepositoryScanner {
  readonly #seen = new Map<
    string,
    { repository: BareRepository; commit: string }
  >();
  #turn: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  scannedAt: Date | undefined;

  constructor(
    private readonly directory: string,
    private readonly intervalMilliseconds: number,
    private readonly listener: HeadListener,
  ) {}

  /** Looks at everything once, then again and again. */
  async start(): Promise<void> {
    await this.scanAll();
    const again = () => {
      if (!this.#stopped) {
        this.#timer = setTimeout(async () => {
          await this.scanAll();
          again();
        }, this.intervalMilliseconds);
      }
    };
    again();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#turn;
  }

  /** Looks at all repositories; deployments last, so that releases are known. */
  scanAll(): Promise<void> {
    return this.#inTurn(async () => {
      const repositories = await this.#list();
      const present = new Set(repositories.map(keyOf));
      for (const [key, { repository }] of [...this.#seen]) {
        if (!present.has(key)) {
          await this.#look(repository, undefined);
        }
      }
      for (const repository of repositories) {
        await this.#look(repository, await repository.head());
      }
      this.scannedAt = new Date();
    });
  }

  /** Looks at one repository now. */
  scan(tenant: string, name: string): Promise<void> {
    return this.#inTurn(async () => {
      const repository = openRepository(this.directory, tenant, name);
      if (repository) {
        await this.#look(repository, await repository.head());
      }
    });
  }

  async #look(
    repository: BareRepository,
    head: RepositoryHead | undefined,
  ): Promise<void> {
    const key = keyOf(repository);
    if (this.#stopped || this.#seen.get(key)?.commit === head?.commit) {
      return;
    }
    try {
      if (repository.name === DEPLOYMENTS_REPOSITORY) {
        await this.listener.onDeployments(repository, head);
      } else {
        await this.listener.onSource(repository, head);
      }
      // Only what was taken note of is not looked at again.
      if (head) {
        this.#seen.set(key, { repository, commit: head.commit });
      } else {
        this.#seen.delete(key);
      }
    } catch (error) {
      this.listener.onError(key, error);
    }
  }

  async #list(): Promise<BareRepository[]> {
    const repositories: BareRepository[] = [];
    for (const tenant of await namesIn(this.directory)) {
      for (const folder of await namesIn(join(this.directory, tenant))) {
        const name = /^(.+)\.git$/.exec(folder)?.[1];
        const repository = name && openRepository(this.directory, tenant, name);
        if (repository) {
          repositories.push(repository);
        }
      }
    }
    const isDeployments = ({ name }: BareRepository) =>
      Number(name === DEPLOYMENTS_REPOSITORY);
    return repositories.sort((a, b) => isDeployments(a) - isDeployments(b));
  }

  #inTurn(task: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(task);
    this.#turn = turn.catch(() => {});
    return turn;
  }
}

function keyOf({ tenant, name }: BareRepository): string {
  return `${tenant}/${name}`;
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(
    () => [],
  );
  return entries
    .filter(entry => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(entry => entry.name)
    .sort();
}
