import { randomUUID } from 'node:crypto';
import { type BedState, KubernetesApi } from '@portico/testbed';
import { z } from 'zod';

const tokenSchema = z.object({ status: z.object({ token: z.string() }) });
const ACCOUNT = 'portico';

/** A namespace of one test's own in the cluster of the test bed. */
export class RealCluster {
  static async open(
    bed: Required<BedState>['kubernetes'],
    prefix: string,
  ): Promise<RealCluster> {
    const cluster = new RealCluster(
      new KubernetesApi(bed),
      `${prefix}-${randomUUID().slice(0, 8)}`,
    );
    await cluster.#api.create('/api/v1/namespaces', {
      metadata: { name: cluster.namespace },
    });
    return cluster;
  }

  readonly namespace: string;
  readonly #api: KubernetesApi;

  private constructor(api: KubernetesApi, namespace: string) {
    this.#api = api;
    this.namespace = namespace;
  }

  /** A deployment that selects `app`, with a variable that is a secret. */
  async deploy(
    name: string,
    {
      replicas = 2,
      impossible,
    }: { replicas?: number; impossible?: boolean } = {},
  ): Promise<void> {
    const labels = { app: name, 'backstage.io/kubernetes-id': name };
    await this.#api.create(
      `/apis/apps/v1/namespaces/${this.namespace}/deployments`,
      {
        metadata: { name, labels },
        spec: {
          replicas,
          selector: { matchLabels: { app: name } },
          template: {
            metadata: { labels },
            spec: {
              containers: [
                {
                  name: 'main',
                  image: `registry.example/${name}:1`,
                  env: [{ name: 'DB_PASSWORD', value: 'canary-password' }],
                },
              ],
              ...(impossible && { nodeSelector: { kind: 'there-is-none' } }),
            },
          },
        },
      },
    );
  }

  /** The token of an account that may read what the list says in this namespace, and no more. */
  async makeReader(resources: readonly string[]): Promise<string> {
    const here = `/api/v1/namespaces/${this.namespace}`;
    const rights = `/apis/rbac.authorization.k8s.io/v1/namespaces/${this.namespace}`;
    const name = `${ACCOUNT}-${randomUUID().slice(0, 8)}`;
    await this.#api.create(`${here}/serviceaccounts`, { metadata: { name } });
    await this.#api.create(`${rights}/roles`, {
      metadata: { name },
      rules: [{ apiGroups: ['', 'apps'], resources, verbs: ['get', 'list'] }],
    });
    await this.#api.create(`${rights}/rolebindings`, {
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace: this.namespace }],
    });
    const made = await this.#api.create(
      `${here}/serviceaccounts/${name}/token`,
      { spec: { expirationSeconds: 3600 } },
    );
    return tokenSchema.parse(JSON.parse(made)).status.token;
  }
}
