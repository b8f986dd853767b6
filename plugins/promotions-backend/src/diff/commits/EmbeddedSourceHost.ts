import { NotFoundError } from '@backstage/errors';
import { type GitHostService } from '@portico/plugin-git-host-node';
import {
  type SourceRepository,
  type SourceRepositoryHost,
} from '@portico/plugin-promotions-node';
import { ownRepository } from '../ownRepository';

/** Source repositories on the embedded Git host: those of the own tenant. */
export class EmbeddedSourceHost implements SourceRepositoryHost {
  readonly #gitHost: Pick<GitHostService, 'baseUrl' | 'log'>;

  constructor(gitHost: Pick<GitHostService, 'baseUrl' | 'log'>) {
    this.#gitHost = gitHost;
  }

  async open({
    tenant,
    address,
  }: Parameters<SourceRepositoryHost['open']>[0]): Promise<
    SourceRepository | undefined
  > {
    const own = ownRepository(this.#gitHost, tenant, address, { moved: true });
    return (
      own && {
        log: async options => {
          try {
            return { items: await this.#gitHost.log({ ...own, ...options }) };
          } catch (error) {
            if (error instanceof NotFoundError) {
              throw new NotFoundError(
                `a commit of the two releases is not in ${own.repository} any more`,
              );
            }
            throw error;
          }
        },
      }
    );
  }
}
