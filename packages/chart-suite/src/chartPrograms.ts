import { type GoProgram } from '@portico/testbed';

/** Installs the chart and renders it. */
export const helm = {
  kind: 'go',
  name: 'helm',
  module: 'helm.sh/helm/v3',
  version: 'v3.22.0',
  package: 'helm.sh/helm/v3/cmd/helm',
  // Without them it takes clusters for older than any chart allows.
  stamps: {
    'helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor': '1',
    'helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor': '34',
    'helm.sh/helm/v3/pkg/lint/rules.k8sVersionMajor': '1',
    'helm.sh/helm/v3/pkg/lint/rules.k8sVersionMinor': '34',
  },
  mayBeOnPath: true,
} as const satisfies GoProgram;

/** Holds objects against the descriptions of their kinds. */
export const kubeconform = {
  kind: 'go',
  name: 'kubeconform',
  module: 'github.com/yannh/kubeconform',
  version: 'v0.8.0',
  package: 'github.com/yannh/kubeconform/cmd/kubeconform',
  mayBeOnPath: true,
} as const satisfies GoProgram;

/** Where the suite's own processes find what main.ts made ready. */
export const chartEnvironment = {
  helm: 'PORTICO_HELM',
  kubeconform: 'PORTICO_KUBECONFORM',
  schemas: 'PORTICO_KUBERNETES_SCHEMAS',
} as const;
