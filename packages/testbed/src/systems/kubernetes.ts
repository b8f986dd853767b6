import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { type BedSystem } from '../BedSystem';
import { type GoProgram } from '../build/BedProgram';
import { KubernetesApi } from './KubernetesApi';

const VERSION = 'v1.34.4';

function part(name: string): GoProgram {
  return {
    kind: 'go',
    name,
    module: 'k8s.io/kubernetes',
    version: VERSION,
    package: `k8s.io/kubernetes/cmd/${name}`,
    staging: 'v0.34.4',
    // Without them it calls itself v0.0.0, which clients take for older than anything.
    stamps: {
      'k8s.io/component-base/version.gitVersion': VERSION,
      'k8s.io/component-base/version.gitMajor': '1',
      'k8s.io/component-base/version.gitMinor': '34',
    },
    mayBeOnPath: true,
  };
}

const apiServer = part('kube-apiserver');
const controllers = part('kube-controller-manager');
const scheduler = part('kube-scheduler');

/** The control plane: API server, controllers and scheduler. */
export const kubernetes: BedSystem = {
  name: 'kubernetes',
  title: 'Kubernetes control plane',
  needs: ['etcd'],
  programs: [apiServer, controllers, scheduler],
  async start(bed) {
    const port = await bed.port();
    const url = `https://127.0.0.1:${port}`;
    const token = randomBytes(24).toString('hex');
    const certificates = bed.path('certificates');
    const kubeconfig = bed.path('kubeconfig');
    const accounts = await writeAccountKeys(name => bed.path(name));
    await writeFile(
      bed.path('tokens.csv'),
      `${token},admin,admin,system:masters\n`,
      { mode: 0o600 },
    );
    const server = await bed.start({
      name: 'kube-apiserver',
      command: bed.program(apiServer),
      args: [
        `--etcd-servers=${bed.of('etcd').url}`,
        `--cert-dir=${certificates}`,
        `--secure-port=${port}`,
        '--bind-address=127.0.0.1',
        '--advertise-address=127.0.0.1',
        `--service-account-key-file=${accounts.public}`,
        `--service-account-signing-key-file=${accounts.private}`,
        '--service-account-issuer=https://kubernetes.default.svc',
        `--token-auth-file=${bed.path('tokens.csv')}`,
        '--authorization-mode=RBAC',
        '--service-cluster-ip-range=10.96.0.0/16',
        // There is nothing that a Service of its own address would lead to.
        '--endpoint-reconciler-type=none',
      ],
    });
    const certificateAuthority = await bed.until(server, async () => {
      const found = await readFile(`${certificates}/apiserver.crt`, 'utf8');
      await new KubernetesApi({
        url,
        token,
        certificateAuthority: found,
      }).get('/readyz');
      return found;
    });
    await writeFile(
      kubeconfig,
      JSON.stringify(kubeconfigOf({ url, token, certificateAuthority })),
      { mode: 0o600 },
    );
    const common = [`--kubeconfig=${kubeconfig}`, '--leader-elect=false'];
    await bed.start({
      name: 'kube-controller-manager',
      command: bed.program(controllers),
      args: [
        ...common,
        '--bind-address=127.0.0.1',
        `--secure-port=${await bed.port()}`,
        `--cert-dir=${certificates}-controllers`,
        `--service-account-private-key-file=${accounts.private}`,
        `--root-ca-file=${certificates}/apiserver.crt`,
        // Each controller with its own rights, as in a real cluster.
        '--use-service-account-credentials',
      ],
    });
    await bed.start({
      name: 'kube-scheduler',
      command: bed.program(scheduler),
      args: [
        ...common,
        '--bind-address=127.0.0.1',
        `--secure-port=${await bed.port()}`,
        `--cert-dir=${certificates}-scheduler`,
      ],
    });
    return { kubernetes: { url, token, certificateAuthority, kubeconfig } };
  },
};

async function writeAccountKeys(path: (name: string) => string) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const paths = {
    private: path('service-accounts.key'),
    public: path('service-accounts.pub'),
  };
  await writeFile(paths.private, privateKey, { mode: 0o600 });
  await writeFile(paths.public, publicKey);
  return paths;
}

/** JSON is YAML. */
function kubeconfigOf({
  url,
  token,
  certificateAuthority,
}: {
  url: string;
  token: string;
  certificateAuthority: string;
}): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'bed',
    clusters: [
      {
        name: 'bed',
        cluster: {
          server: url,
          'certificate-authority-data':
            Buffer.from(certificateAuthority).toString('base64'),
        },
      },
    ],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'bed', context: { cluster: 'bed', user: 'admin' } }],
  };
}
