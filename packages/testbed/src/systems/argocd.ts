import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { z } from 'zod';
import { type Bed, fetchText } from '../Bed';
import { type BedSystem } from '../BedSystem';
import { KubernetesApi } from './KubernetesApi';

const program = {
  kind: 'go',
  name: 'argocd',
  module: 'github.com/argoproj/argo-cd/v3',
  version: 'v3.2.6',
  package: 'github.com/argoproj/argo-cd/v3/cmd',
  keepsSources: true,
} as const;
/** Argo CD runs it to render what is declared. */
const kustomize = {
  kind: 'go',
  name: 'kustomize',
  module: 'sigs.k8s.io/kustomize/kustomize/v5',
  version: 'v5.7.1',
  package: 'sigs.k8s.io/kustomize/kustomize/v5',
  mayBeOnPath: true,
} as const;

const NAMESPACE = 'argocd';
const KINDS = ['application', 'appproject', 'applicationset'];
const secretSchema = z.object({ data: z.object({ password: z.base64() }) });
const sessionSchema = z.object({ token: z.string() });

/** Argo CD whose one cluster is the bed's. */
export const argocd: BedSystem = {
  name: 'argocd',
  title: 'Argo CD',
  needs: ['kubernetes', 'redis'],
  programs: [program, kustomize],
  async start(bed) {
    const kubernetes = bed.of('kubernetes');
    const api = new KubernetesApi(kubernetes);
    await prepareCluster(api, bed.folder.share(program.name));
    const ports = {
      server: await bed.port(),
      serverMetrics: await bed.port(),
      repositories: await bed.port(),
      repositoriesMetrics: await bed.port(),
      controllerMetrics: await bed.port(),
    };
    const common = [`--redis=${bed.of('redis').address}`];
    const toRepositories = [
      `--namespace=${NAMESPACE}`,
      `--kubeconfig=${kubernetes.kubeconfig}`,
      `--repo-server=127.0.0.1:${ports.repositories}`,
      '--repo-server-plaintext',
    ];
    await startPart(bed, 'argocd-repo-server', [
      ...common,
      '--address=127.0.0.1',
      `--port=${ports.repositories}`,
      '--metrics-address=127.0.0.1',
      `--metrics-port=${ports.repositoriesMetrics}`,
      '--disable-tls',
    ]);
    await startPart(bed, 'argocd-application-controller', [
      ...common,
      ...toRepositories,
      `--metrics-port=${ports.controllerMetrics}`,
      '--app-resync=10',
    ]);
    const server = await startPart(bed, 'argocd-server', [
      ...common,
      ...toRepositories,
      '--insecure',
      '--address=127.0.0.1',
      `--port=${ports.server}`,
      '--metrics-address=127.0.0.1',
      `--metrics-port=${ports.serverMetrics}`,
    ]);
    const url = `http://127.0.0.1:${ports.server}`;
    const token = await bed.until(server, signal => signIn(url, api, signal));
    await registerCluster(api, kubernetes);
    return { argocd: { url, token, cluster: kubernetes.url } };
  },
};

async function startPart(bed: Bed, name: string, args: readonly string[]) {
  const own = (...names: string[]) => bed.path('argocd', ...names);
  await Promise.all(
    [own('tls'), own('ssh'), own('gpg/source'), own('gpg/keys')].map(folder =>
      mkdir(folder, { recursive: true }),
    ),
  );
  await writeFile(own('ssh/ssh_known_hosts'), '');
  return bed.start({
    name,
    command: bed.program(program),
    args,
    environment: {
      ...process.env,
      PATH: [dirname(bed.program(kustomize)), process.env.PATH].join(delimiter),
      // One program is all parts of Argo CD.
      ARGOCD_BINARY_NAME: name,
      ARGOCD_TLS_DATA_PATH: own('tls'),
      ARGOCD_SSH_DATA_PATH: own('ssh'),
      ARGOCD_GPG_DATA_PATH: own('gpg'),
      ARGOCD_GNUPGHOME: own('gpg/keys'),
      ARGOCD_GPG_ENABLED: 'false',
    },
  });
}

async function prepareCluster(
  api: KubernetesApi,
  sources: string,
): Promise<void> {
  await api.apply(
    `/api/v1/namespaces/${NAMESPACE}`,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: NAMESPACE },
    }),
  );
  for (const kind of KINDS) {
    await api.apply(
      `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${kind}s.argoproj.io`,
      await readFile(
        join(sources, 'manifests/crds', `${kind}-crd.yaml`),
        'utf8',
      ),
    );
  }
  const labels = { 'app.kubernetes.io/part-of': 'argocd' };
  const here = `/api/v1/namespaces/${NAMESPACE}`;
  for (const name of ['argocd-cm', 'argocd-rbac-cm', 'argocd-cmd-params-cm']) {
    await api.create(`${here}/configmaps`, {
      metadata: { name, labels },
      data: {},
    });
  }
  // Argo CD itself puts keys and the administrator's password into it.
  await api.create(`${here}/secrets`, {
    metadata: { name: 'argocd-secret', labels },
  });
}

async function signIn(
  url: string,
  api: KubernetesApi,
  signal: AbortSignal,
): Promise<string> {
  await fetchText(`${url}/api/version`, { signal });
  const { data } = secretSchema.parse(
    JSON.parse(
      await api.get(
        `/api/v1/namespaces/${NAMESPACE}/secrets/argocd-initial-admin-secret`,
      ),
    ),
  );
  const session = await fetchText(`${url}/api/v1/session`, {
    signal,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      username: 'admin',
      password: Buffer.from(data.password, 'base64').toString('utf8'),
    }),
  });
  return sessionSchema.parse(JSON.parse(session)).token;
}

async function registerCluster(
  api: KubernetesApi,
  kubernetes: { url: string; token: string; certificateAuthority: string },
): Promise<void> {
  await api.create(`/api/v1/namespaces/${NAMESPACE}/secrets`, {
    metadata: {
      name: 'bed',
      labels: { 'argocd.argoproj.io/secret-type': 'cluster' },
    },
    stringData: {
      name: 'bed',
      server: kubernetes.url,
      config: JSON.stringify({
        bearerToken: kubernetes.token,
        tlsClientConfig: {
          caData: Buffer.from(kubernetes.certificateAuthority).toString(
            'base64',
          ),
        },
      }),
    },
  });
}
