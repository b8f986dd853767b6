import {
  type AuthService,
  type BackstageCredentials,
} from '@backstage/backend-plugin-api';
import { ANNOTATION_KUBERNETES_AUTH_PROVIDER } from '@backstage/plugin-kubernetes-common';
import {
  type ClusterDetails,
  type KubernetesClustersSupplier,
} from '@backstage/plugin-kubernetes-node';
import { type BindingsService } from '@portico/plugin-bindings-node';

/**
 * A provider name that the stock frontend asks nothing of the user for. No request is
 * made with it: tokens come from the bindings.
 */
export const AUTH_PROVIDER = 'serviceAccount';

/** The clusters that the caller's tenant was granted a namespace in. */
export class GrantedClusterSupplier implements KubernetesClustersSupplier {
  readonly #auth: Pick<AuthService, 'isPrincipal'>;
  readonly #bindings: Pick<BindingsService, 'systems'>;

  constructor(options: {
    auth: Pick<AuthService, 'isPrincipal'>;
    bindings: Pick<BindingsService, 'systems'>;
  }) {
    this.#auth = options.auth;
    this.#bindings = options.bindings;
  }

  async getClusters({
    credentials,
  }: {
    credentials: BackstageCredentials;
  }): Promise<ClusterDetails[]> {
    // The plugin looks at its start as itself, for no tenant.
    if (!this.#auth.isPrincipal(credentials, 'user')) {
      return [];
    }
    const systems = await this.#bindings.systems('kubernetes', { credentials });
    return systems.map(({ name, title, url }) => ({
      name,
      title,
      url,
      authMetadata: { [ANNOTATION_KUBERNETES_AUTH_PROVIDER]: AUTH_PROVIDER },
    }));
  }
}
