import { mockServices } from '@backstage/backend-test-utils';
import {
  type BindingsService,
  type ConfiguredSystem,
  type Credential,
} from '@portico/plugin-bindings-node';
import {
  type DeploymentRepository,
  type SourceRepository,
} from '@portico/plugin-promotions-node';
import { BoundClients } from '../BoundClients';
import { BoundRepositoryHost } from '../BoundRepositoryHost';
import { BoundSourceHost } from '../BoundSourceHost';
import { type GitHost } from '../readGitHosts';

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

  constructor(host: { url: string; token: string }, api: GitHost['api']) {
    this.#api = api;
    this.credential = { token: host.token };
    this.system = {
      name: 'forge',
      kind: 'git',
      title: 'The forge',
      url: host.url,
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
    return new BoundRepositoryHost(this.#clients(timeoutMilliseconds)).open({
      tenant,
      repository: { host: 'forge', name, ...(branch && { branch }) },
      signal: new AbortController().signal,
    });
  }

  /** @param address - of a source repository; that of the stand-in without */
  openSource(
    address = `${this.system.url}/aurora/deployments.git`,
    tenant = 'aurora',
  ): Promise<SourceRepository | undefined> {
    return new BoundSourceHost(this.#clients(30_000)).open({
      tenant,
      address,
      signal: new AbortController().signal,
    });
  }

  #clients(timeoutMilliseconds: number): BoundClients {
    return new BoundClients({
      auth: mockServices.auth(),
      bindings: this.#bindings,
      host: { system: this.system, api: this.#api, timeoutMilliseconds },
    });
  }
}
