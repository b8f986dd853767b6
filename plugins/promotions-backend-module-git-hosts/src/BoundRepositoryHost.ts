import { InputError } from '@backstage/errors';
import {
  type DeploymentRepository,
  type DeploymentRepositoryHost,
} from '@portico/plugin-promotions-node';
import { type BoundClients } from './BoundClients';
import { HostedRepository } from './HostedRepository';

/** Deployment repositories on one Git host of the platform. */
export class BoundRepositoryHost implements DeploymentRepositoryHost {
  readonly #clients: BoundClients;

  constructor(clients: BoundClients) {
    this.#clients = clients;
  }

  get kind(): string {
    return this.#clients.host.system.name;
  }

  async open(
    options: Parameters<DeploymentRepositoryHost['open']>[0],
  ): Promise<DeploymentRepository> {
    const { tenant, repository, signal } = options;
    const { title } = this.#clients.host.system;
    const place = this.#clients.parse(repository.name);
    if (!place) {
      throw new InputError(
        `'${repository.name}' is no repository on ${title}; write 'owner/name' into delivery.repository.name of the environment`,
      );
    }
    return new HostedRepository({
      client: await this.#clients.open({ tenant, place, signal }),
      host: title,
      branch: repository.branch,
    });
  }
}
