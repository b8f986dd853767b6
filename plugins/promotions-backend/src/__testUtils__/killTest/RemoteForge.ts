import {
  type DeploymentFileContent,
  type DeploymentRepository,
  type DeploymentRepositoryHost,
  type PullRequests,
} from '@portico/plugin-promotions-node';
import { type ForgeCalls } from './ForgeStandIn';

interface ForgeAnswer<T> {
  result?: T;
  error?: { name: string; message: string };
}

/** The forge of the stand-in, as a process sees it. */
export class RemoteForge implements DeploymentRepository {
  readonly url = 'https://forge.example/aurora/deployments';
  readonly host: DeploymentRepositoryHost = {
    kind: 'forge',
    open: async () => this,
  };
  readonly pullRequests: PullRequests = {
    find: branch => this.#ask('find', branch),
    open: options => this.#ask('open', options),
    setStatus: options => this.#ask('setStatus', options),
    merge: options => this.#ask('merge', options),
  };
  readonly #address: string;

  constructor(address: string) {
    this.#address = address;
  }

  head(branch = 'main') {
    return this.#ask('head', branch);
  }

  readFile(at: { commit: string; path: string }) {
    return this.#ask('readFile', at);
  }

  async readFolder(): Promise<DeploymentFileContent[]> {
    return [];
  }

  findByTrailer(by: { branch: string; name: string; value: string }) {
    return this.#ask('findByTrailer', by);
  }

  lastChange(at: { commit: string; path: string }) {
    return this.#ask('lastChange', at);
  }

  changes(at: { commit: string; path: string }) {
    return this.#ask('changes', at);
  }

  contains(at: { branch: string; commit: string }) {
    return this.#ask('contains', at);
  }

  commit(options: Parameters<DeploymentRepository['commit']>[0]) {
    return this.#ask('commit', options);
  }

  async #ask<Name extends keyof ForgeCalls>(
    method: Name,
    argument: Parameters<ForgeCalls[Name]>[0],
  ): Promise<Awaited<ReturnType<ForgeCalls[Name]>>> {
    const response = await fetch(this.#address, {
      method: 'POST',
      body: JSON.stringify({ method, argument }),
      signal: AbortSignal.timeout(30_000),
    });
    // The stand-in is of this test, and types of both ends are the same.
    const { result, error } = (await response.json()) as ForgeAnswer<
      Awaited<ReturnType<ForgeCalls[Name]>>
    >;
    if (error) {
      throw Object.assign(new Error(error.message), { name: error.name });
    }
    return result as Awaited<ReturnType<ForgeCalls[Name]>>;
  }
}
