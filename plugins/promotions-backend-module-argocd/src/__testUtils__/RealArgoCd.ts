import { randomUUID } from 'node:crypto';
import { type BedState, KubernetesApi } from '@portico/testbed';
import { z } from 'zod';
import { type Application, applicationSchema } from '../client/application';

const REQUEST_MS = 20_000;
const ROLE = 'portico';
const tokenSchema = z.object({ token: z.string() });
const projectSchema = z.looseObject({
  spec: z.record(z.string(), z.unknown()),
});

/** The running systems that Argo CD needs to deploy somewhere. */
export type DeployingBed = Pick<
  Required<BedState>,
  'argocd' | 'kubernetes' | 'kwok'
>;

/** What an application is made of. */
interface ApplicationOptions {
  /** Address of the repository that Argo CD clones. */
  repository: string;
  path: string;
  automated?: boolean;
}

/** Argo CD of the test bed with a project and a namespace of one test's own. */
export class RealArgoCd {
  static async open(bed: DeployingBed): Promise<RealArgoCd> {
    const argo = new RealArgoCd(bed);
    await argo.#cluster.create('/api/v1/namespaces', {
      metadata: { name: argo.project },
    });
    argo.#token = await argo.makeToken(argo.project);
    return argo;
  }

  /** Name of the project, and of the namespace that it deploys to. */
  readonly project = `aurora-${randomUUID().slice(0, 8)}`;
  readonly #bed: DeployingBed;
  readonly #cluster: KubernetesApi;
  #token = '';

  private constructor(bed: DeployingBed) {
    this.#bed = bed;
    this.#cluster = new KubernetesApi(bed.kubernetes);
  }

  get url(): string {
    return this.#bed.argocd.url;
  }

  /** Of a role that may read and sync applications of the project, and nothing else. */
  get token(): string {
    return this.#token;
  }

  /** A project with a role, and the token of it. */
  async makeToken(
    project: string,
    actions: readonly string[] = ['get', 'sync'],
  ): Promise<string> {
    await this.ask('POST', '/projects', {
      project: {
        metadata: { name: project },
        spec: {
          sourceRepos: ['*'],
          destinations: [
            { server: this.#bed.argocd.cluster, namespace: project },
          ],
          roles: [
            {
              name: ROLE,
              policies: policiesOf(project, actions),
            },
          ],
        },
      },
    });
    const made = await this.ask(
      'POST',
      `/projects/${project}/roles/${ROLE}/token`,
      { project, role: ROLE },
    );
    return tokenSchema.parse(made).token;
  }

  /** What the role of the project may do from now on. */
  limitRole(actions: readonly string[]): Promise<void> {
    return this.#changeProject(spec => ({
      ...spec,
      roles: z
        .array(z.looseObject({ name: z.string() }))
        .parse(spec.roles)
        .map(role => ({
          ...role,
          policies: policiesOf(this.project, actions),
        })),
    }));
  }

  /** The sync windows of the project. */
  setWindows(windows: readonly object[]): Promise<void> {
    return this.#changeProject(spec => ({ ...spec, syncWindows: windows }));
  }

  async #changeProject(
    change: (spec: Record<string, unknown>) => Record<string, unknown>,
  ): Promise<void> {
    const { spec, ...project } = projectSchema.parse(
      await this.ask('GET', `/projects/${this.project}`),
    );
    await this.ask('PUT', `/projects/${this.project}`, {
      project: { ...project, spec: change(spec) },
    });
  }

  async addApplication(
    name: string,
    { repository, path, automated }: ApplicationOptions,
  ): Promise<void> {
    await this.ask('POST', '/applications', {
      metadata: { name },
      spec: {
        project: this.project,
        source: { repoURL: repository, path, targetRevision: 'main' },
        destination: {
          server: this.#bed.argocd.cluster,
          namespace: this.project,
        },
        ...(automated && { syncPolicy: { automated: {} } }),
      },
    });
  }

  async application(name: string): Promise<Application> {
    return applicationSchema.parse(
      await this.ask('GET', `/applications/${name}?project=${this.project}`),
    );
  }

  /** Somebody changes a deployment in the cluster by hand. */
  async editDeployment(name: string, change: object): Promise<void> {
    await this.#cluster.edit(
      `/apis/apps/v1/namespaces/${this.project}/deployments/${name}`,
      change,
    );
  }

  /** What the cluster has: pods, deployments, and so on. */
  async inCluster(path: string): Promise<unknown> {
    return JSON.parse(
      await this.#cluster.get(
        path.replace('{namespace}', `namespaces/${this.project}`),
      ),
    );
  }

  /** Asks as the administrator. */
  async ask(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#bed.argocd.token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${text}`);
    }
    return text === '' ? undefined : JSON.parse(text);
  }
}

function policiesOf(project: string, actions: readonly string[]): string[] {
  return actions.map(
    action =>
      `p, proj:${project}:${ROLE}, applications, ${action}, ${project}/*, allow`,
  );
}
