import { NotAllowedError } from '@backstage/errors';
import {
  type AuthenticationStrategy,
  type KubernetesFetcher,
  type KubernetesServiceLocator,
} from '@backstage/plugin-kubernetes-node';

function refuse(): never {
  throw new NotAllowedError('Clusters are read through the bindings only');
}

/** Stands where the stock plugin's own way to clusters was: nothing goes through it. */
export const closedFetcher: KubernetesFetcher = {
  fetchObjectsForService: async () => refuse(),
  fetchPodMetricsByNamespaces: async () => refuse(),
};

/** No entity is located by its annotations. */
export const closedServiceLocator: KubernetesServiceLocator = {
  getClustersByEntity: async () => ({ clusters: [] }),
};

/** No credential of the backend's machine is ever used. */
export const closedAuthStrategy: AuthenticationStrategy = {
  getCredential: async () => refuse(),
  validateCluster: () => [],
  presentAuthMetadata: () => ({}),
};
