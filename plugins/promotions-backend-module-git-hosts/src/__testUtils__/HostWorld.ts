import { mockServices } from '@backstage/backend-test-utils';
import {
  type BindingsService,
  type ConfiguredSystem,
  type Credential,
} from '@portico/plugin-bindings-node';
import { type DeploymentRepository } from '@portico/plugin-promotions-node';
import { BoundRepositoryHost } from '../BoundRepositoryHost';
import { type GitHost } from '../readGitHosts';
import { type StandInHost } from './StandInHost';

/** A stand-in, and the host of a portal where `aurora` was granted the organisation of it. */
export class HostWorld {
  readonly system: ConfiguredSystem;
  /** What the tenant has set. */
  credential: Credential | undefined;
  readonly #api: GitHost['api'];
  readonly #bindings: Pick<BindingsService, 'grantedThing'> = {
    grantedThing: async (kind, thing, { tenant = '' }) =>
      tenant === 'aurora' && thing.resource === 'aurora'
        ? {
            tenant,
            kind,
            system: this.system,
            resource: thing.resource,
            credential: async () => this.credential,
          }
        : undefined,
  };

  constructor(standIn: StandInHost, api: GitHost['api']) {
    this.#api = api;
    this.credential = { token: standIn.token };
    this.system = {
      name: 'forge',
      kind: 'git',
      title: 'The forge',
      url: standIn.url,
    };
  }

  /** @param options - who opens what, and how long an answer may take */
  open(
    options: {
      tenant?: string;
      name?: string;
      branch?: string;
      timeoutMilliseconds?: number;
    } = {},
  ): Promise<DeploymentRepository> {
    const {
      tenant = 'aurora',
      name = 'aurora/deployments',
      branch,
      timeoutMilliseconds = 30_000,
    } = options;
    return new BoundRepositoryHost({
      auth: mockServices.auth(),
      bindings: this.#bindings,
      host: { system: this.system, api: this.#api, timeoutMilliseconds },
    }).open({
      tenant,
      repository: { host: 'forge', name, ...(branch && { branch }) },
      signal: new AbortController().signal,
    });
  }
}
