import { isError } from '@backstage/errors';
import { type GitHostService } from '@portico/plugin-git-host-node';
import { type Release } from '@portico/plugin-promotions-common';

const KEPT = 200;

/** Reads files at the commit of a release, on the embedded Git host. */
export class SourceFiles {
  readonly #gitHost: Pick<GitHostService, 'baseUrl' | 'readFile'>;
  /** What lies at a commit stays as it is. */
  readonly #kept = new Map<string, string>();

  constructor(options: {
    gitHost: Pick<GitHostService, 'baseUrl' | 'readFile'>;
  }) {
    this.#gitHost = options.gitHost;
  }

  /** Undefined where there is no such file, or the source lies elsewhere. */
  async read(options: {
    tenant: string;
    release: Release;
    path: string;
  }): Promise<string | undefined> {
    const { tenant, release, path } = options;
    const { source } = release.content;
    const prefix = `${this.#gitHost.baseUrl}/${tenant}/`;
    if (!source?.repository.startsWith(prefix)) {
      return undefined;
    }
    const key = JSON.stringify([source.repository, source.commit, path]);
    const known = this.#kept.get(key);
    if (known !== undefined) {
      return known;
    }
    const content = await this.#readOnce({
      tenant,
      repository: source.repository.slice(prefix.length).replace(/\.git$/, ''),
      ref: source.commit,
      path,
    });
    if (content === undefined) {
      return undefined;
    }
    this.#kept.set(key, content);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) {
      this.#kept.delete(oldest);
    }
    return content;
  }

  async #readOnce(
    address: Parameters<GitHostService['readFile']>[0],
  ): Promise<string | undefined> {
    try {
      return (await this.#gitHost.readFile(address)).toString('utf8');
    } catch (error) {
      if (
        isError(error) &&
        ['NotFoundError', 'InputError'].includes(error.name)
      ) {
        return undefined;
      }
      throw error;
    }
  }
}
