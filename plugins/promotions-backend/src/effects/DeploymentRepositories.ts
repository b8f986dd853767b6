import { InputError } from '@backstage/errors';
import {
  type DeliveryTarget,
  type DeploymentRepository,
  type DeploymentRepositoryHost,
} from '@portico/plugin-promotions-node';

const TIMEOUT_MILLISECONDS = 30_000;

/** Opens the deployment repository of a target on whatever host it lies. */
export class DeploymentRepositories {
  readonly #hosts: ReadonlyMap<string, DeploymentRepositoryHost>;

  constructor(options: { hosts: readonly DeploymentRepositoryHost[] }) {
    this.#hosts = new Map(options.hosts.map(host => [host.kind, host]));
  }

  /**
   * @throws InputError for a host that no module added, NotFoundError when the tenant has no
   *   such repository
   */
  async open(
    { tenant, delivery }: Pick<DeliveryTarget, 'tenant' | 'delivery'>,
    signal: AbortSignal = AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  ): Promise<DeploymentRepository> {
    const { repository } = delivery;
    const host = this.#hosts.get(repository.host);
    if (!host) {
      throw new InputError(
        `This portal knows no host '${
          repository.host
        }' of deployment repositories; it knows ${[...this.#hosts.keys()].join(
          ', ',
        )}`,
      );
    }
    return host.open({ tenant, repository, signal });
  }
}
