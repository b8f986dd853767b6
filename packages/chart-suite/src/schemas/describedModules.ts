/** A file of a Go module that describes kinds of objects. */
export interface DescribedModule {
  title: string;
  module: string;
  version: string;
  files: readonly string[];
}

/** Kubernetes itself: the OpenAPI description of its API server. */
export const kubernetesModule: DescribedModule = {
  title: 'Kubernetes',
  module: 'k8s.io/kubernetes',
  version: 'v1.34.4',
  files: ['api/openapi-spec/swagger.json'],
};

/** Kinds of others, as their own projects define them. */
export const customModules: readonly DescribedModule[] = [
  {
    title: 'Prometheus Operator',
    module: 'github.com/prometheus-operator/prometheus-operator',
    version: 'v0.85.0',
    files: [
      'example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml',
      'example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml',
    ],
  },
  {
    title: 'External Secrets',
    module: 'github.com/external-secrets/external-secrets',
    version: 'v0.20.4',
    files: ['config/crds/bases/external-secrets.io_externalsecrets.yaml'],
  },
  {
    title: 'Sealed Secrets',
    module: 'github.com/bitnami-labs/sealed-secrets',
    version: 'v0.36.0',
    files: ['helm/sealed-secrets/crds/bitnami.com_sealedsecrets.yaml'],
  },
];
