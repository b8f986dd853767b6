/** Files of a component in a deployment repository: two pods of an image by digest. */
export function deploymentFiles(
  component: string,
  environment: string,
  options: { digest: string; replicas?: number; impossible?: boolean },
): Record<string, string> {
  const { digest, replicas = 2, impossible } = options;
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: component, labels: labelsOf(component) },
    spec: {
      replicas,
      // Short, for tests wait for it.
      progressDeadlineSeconds: 3,
      selector: { matchLabels: { app: component } },
      template: {
        metadata: { labels: labelsOf(component) },
        spec: {
          containers: [{ name: 'main', image: component }],
          ...(impossible && { nodeSelector: { kind: 'there-is-none' } }),
        },
      },
    },
  };
  return {
    [`${component}/base/deployment.yaml`]: JSON.stringify(deployment),
    [`${component}/base/kustomization.yaml`]: 'resources: [deployment.yaml]\n',
    [`${component}/overlays/${environment}/kustomization.yaml`]: `resources: [../../base]
images:
  - name: ${component}
    newName: registry.example/${component}
    digest: ${digest}
`,
  };
}

function labelsOf(component: string) {
  return { app: component, 'backstage.io/kubernetes-id': component };
}
