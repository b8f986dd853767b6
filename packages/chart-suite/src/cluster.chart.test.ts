import { randomBytes } from 'node:crypto';
import { readBedState } from '@portico/testbed';
import { z } from 'zod';
import {
  chartFolder,
  helm,
  installations,
  podsOf,
  readObjects,
  render,
  valuesOf,
  withValues,
} from './__testUtils__/chart';
import { Cluster, said } from './__testUtils__/Cluster';

jest.setTimeout(300_000);

const { kubernetes, kwok } = readBedState();
const onCluster = kubernetes && kwok ? describe : describe.skip;
const where =
  kubernetes && kwok
    ? 'on a real API server'
    : 'on a real API server (skipped: no Kubernetes of the test bed runs)';

/** Where objects of a kind are made; kinds that only other projects know are left out. */
const places: Record<string, string | undefined> = {
  ConfigMap: 'api/v1/configmaps',
  CronJob: 'apis/batch/v1/cronjobs',
  Deployment: 'apis/apps/v1/deployments',
  HorizontalPodAutoscaler: 'apis/autoscaling/v2/horizontalpodautoscalers',
  Ingress: 'apis/networking.k8s.io/v1/ingresses',
  Job: 'apis/batch/v1/jobs',
  NetworkPolicy: 'apis/networking.k8s.io/v1/networkpolicies',
  PersistentVolumeClaim: 'api/v1/persistentvolumeclaims',
  Pod: 'api/v1/pods',
  PodDisruptionBudget: 'apis/policy/v1/poddisruptionbudgets',
  Service: 'api/v1/services',
  ServiceAccount: 'api/v1/serviceaccounts',
};
const kindsOfOthers = [
  'ExternalSecret',
  'PrometheusRule',
  'Route',
  'SealedSecret',
  'ServiceMonitor',
];

const deploymentSchema = z.object({
  metadata: z.object({ annotations: z.record(z.string(), z.string()) }),
  spec: z.object({
    replicas: z.number(),
    template: z.object({
      metadata: z.object({ annotations: z.record(z.string(), z.string()) }),
    }),
  }),
  status: z.object({
    readyReplicas: z.number().default(0),
    availableReplicas: z.number().default(0),
    updatedReplicas: z.number().default(0),
  }),
});

const podListSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      status: z.object({ phase: z.string() }),
    }),
  ),
});

onCluster(where, () => {
  // Without one, the tests are still there, to be counted as skipped.
  const cluster = new Cluster(
    kubernetes ?? {
      url: '',
      token: '',
      certificateAuthority: '',
      kubeconfig: '',
    },
  );
  const namespaces: string[] = [];
  const volumes: string[] = [];

  const placeOf = (namespace: string, place: string, name = '') => {
    const parts = place.split('/');
    const kind = parts.pop();
    return `/${parts.join('/')}/namespaces/${namespace}/${kind}${
      name && `/${name}`
    }`;
  };

  /** A namespace that enforces the strictest of the three standards, and what has to be in it. */
  async function makeNamespace(): Promise<string> {
    const name = `chart-${randomBytes(4).toString('hex')}`;
    await cluster.ask('POST', '/api/v1/namespaces', {
      metadata: {
        name,
        labels: {
          'pod-security.kubernetes.io/enforce': 'restricted',
          'pod-security.kubernetes.io/warn': 'restricted',
        },
      },
    });
    namespaces.push(name);
    for (const secret of ['portico', 'portico-preparation', 'portico-backup']) {
      await cluster.ask('POST', placeOf(name, 'api/v1/secrets'), {
        metadata: { name: secret },
      });
    }
    return name;
  }

  /** Nobody makes volumes in the bed, so they are there before. */
  async function makeVolumes(namespace: string): Promise<void> {
    for (const purpose of ['repositories', 'documents']) {
      const name = `${namespace}-${purpose}`;
      volumes.push(name);
      await cluster.ask('POST', '/api/v1/persistentvolumes', {
        metadata: { name },
        spec: {
          capacity: { storage: '20Gi' },
          accessModes: ['ReadWriteMany'],
          storageClassName: namespace,
          hostPath: { path: `/nowhere/${name}` },
        },
      });
    }
  }

  function installation(namespace: string, organization: string) {
    return {
      ...valuesOf('minimal'),
      repositories: { storageClassName: namespace },
      documents: { storageClassName: namespace },
      config: { organization: { name: organization } },
    };
  }

  const inNamespace = (namespace: string) => [
    `--kubeconfig=${cluster.kubeconfig}`,
    `--namespace=${namespace}`,
  ];

  async function deployment(namespace: string, role: 'web' | 'worker') {
    return deploymentSchema.parse(
      await cluster.ask(
        'GET',
        placeOf(namespace, 'apis/apps/v1/deployments', `portico-${role}`),
      ),
    );
  }

  /** The fewest web replicas that were available while something was done. */
  async function fewestWhile(
    namespace: string,
    act: () => Promise<void>,
  ): Promise<number> {
    let done = false;
    let fewest = Infinity;
    const watching = (async () => {
      while (!done) {
        const { status } = await deployment(namespace, 'web');
        fewest = Math.min(fewest, status.availableReplicas);
      }
    })();
    await act().finally(() => {
      done = true;
    });
    await watching;
    return fewest;
  }

  afterAll(async () => {
    for (const namespace of namespaces) {
      await cluster.ask('DELETE', `/api/v1/namespaces/${namespace}`);
    }
    for (const volume of volumes) {
      await cluster.ask('DELETE', `/api/v1/persistentvolumes/${volume}`);
    }
  });

  describe('a server-side dry run', () => {
    let namespace: string;
    beforeAll(async () => {
      namespace = await makeNamespace();
    });

    it.each(installations)('takes ci/%s-values.yaml', async name => {
      const objects = readObjects(await render(valuesOf(name)));
      const unknown = objects.filter(({ kind }) => !places[kind]);
      expect(kindsOfOthers).toEqual(
        expect.arrayContaining(unknown.map(({ kind }) => kind)),
      );
      for (const object of objects) {
        const place = places[object.kind];
        if (!place) {
          continue;
        }
        const { namespace: _own, ...metadata } = object.metadata;
        const answer = await cluster.send(
          'POST',
          `${placeOf(namespace, place)}?dryRun=All&fieldValidation=Strict`,
          { ...object, metadata },
        );
        expect({
          kind: object.kind,
          status: answer.status,
          said: answer.status < 300 ? '' : said(answer),
          warnings: answer.warnings,
        }).toEqual({
          kind: object.kind,
          status: 201,
          said: '',
          warnings: [],
        });
      }
    });

    it('takes each pod as itself, and none with a right more', async () => {
      const pods = podsOf(readObjects(await render(valuesOf('everything'))));
      expect(pods.length).toBe(6);
      const path = `${placeOf(namespace, 'api/v1/pods')}?dryRun=All`;
      for (const { owner, labels, spec } of pods) {
        const pod = {
          metadata: { generateName: 'try-', labels },
          // It comes with the installation.
          spec: {
            ...spec,
            serviceAccountName: 'default',
            restartPolicy: undefined,
          },
        };
        const answer = await cluster.send('POST', path, pod);
        expect({ owner, status: answer.status, said: said(answer) }).toEqual({
          owner,
          status: 201,
          said: '',
        });
        const [container] = spec.containers;
        for (const rights of [
          { allowPrivilegeEscalation: true },
          { runAsNonRoot: false },
          { capabilities: { drop: [] } },
          { seccompProfile: { type: 'Unconfined' } },
        ]) {
          const refused = await cluster.send('POST', path, {
            ...pod,
            spec: {
              ...pod.spec,
              containers: [
                {
                  ...container,
                  securityContext: { ...container.securityContext, ...rights },
                },
              ],
            },
          });
          expect(refused.status).toBe(403);
          expect(said(refused)).toContain('violates PodSecurity "restricted');
        }
      }
    });
  });

  describe('a release', () => {
    let namespace: string;
    beforeAll(async () => {
      namespace = await makeNamespace();
      await makeVolumes(namespace);
    });

    it('is installed, and web and worker become ready', async () => {
      const since = Date.now();
      await withValues(installation(namespace, 'First'), file =>
        helm([
          'install',
          'portico',
          chartFolder,
          ...inNamespace(namespace),
          `--values=${file}`,
          '--wait',
          '--timeout=3m',
        ]),
      );
      process.stdout.write(
        `helm install to ready, on simulated nodes: ${(
          (Date.now() - since) /
          1000
        ).toFixed(1)} s\n`,
      );
      expect((await deployment(namespace, 'worker')).status).toMatchObject({
        readyReplicas: 2,
      });
      expect(
        (await deployment(namespace, 'web')).status.readyReplicas,
      ).toBeGreaterThanOrEqual(1);
    });

    it('keeps its replicas through an upgrade and a rollback', async () => {
      // The autoscaler brings the second one.
      await until(async () => {
        const { status } = await deployment(namespace, 'web');
        return status.readyReplicas === 2;
      });
      const first = (await deployment(namespace, 'web')).spec.template.metadata
        .annotations['portico/config'];

      let second: Awaited<ReturnType<typeof deployment>> | undefined;
      const fewest = await fewestWhile(namespace, async () => {
        await withValues(installation(namespace, 'Second'), file =>
          helm([
            'upgrade',
            'portico',
            chartFolder,
            ...inNamespace(namespace),
            `--values=${file}`,
            '--wait',
            '--timeout=3m',
          ]),
        );
        second = await deployment(namespace, 'web');
        await helm([
          'rollback',
          'portico',
          '1',
          ...inNamespace(namespace),
          '--wait',
          '--timeout=3m',
        ]);
      });
      expect(
        second?.spec.template.metadata.annotations['portico/config'],
      ).not.toBe(first);
      expect(second?.status.updatedReplicas).toBe(2);
      const third = await deployment(namespace, 'web');
      expect(third.spec.template.metadata.annotations['portico/config']).toBe(
        first,
      );
      expect(third.status.updatedReplicas).toBe(2);
      expect(fewest).toBe(2);
    });

    it('runs its test, whose end the simulated node has to be told', async () => {
      const test = helm([
        'test',
        'portico',
        ...inNamespace(namespace),
        '--timeout=2m',
      ]);
      const path = placeOf(namespace, 'api/v1/pods', 'portico-test');
      await until(async () => {
        const { status, body } = await cluster.send('GET', path);
        return (
          status === 200 &&
          podListSchema.shape.items.element.parse(body).status.phase ===
            'Running'
        );
      });
      await cluster.ask('PATCH', `${path}/status`, {
        status: { phase: 'Succeeded' },
      });
      expect(await test).toMatch(/Phase:\s+Succeeded/);
    });

    it('leaves what people made when it goes', async () => {
      await helm(['uninstall', 'portico', ...inNamespace(namespace), '--wait']);
      const claims = z
        .object({
          items: z.array(
            z.object({ metadata: z.object({ name: z.string() }) }),
          ),
        })
        .parse(
          await cluster.ask(
            'GET',
            placeOf(namespace, 'api/v1/persistentvolumeclaims'),
          ),
        );
      expect(claims.items.map(({ metadata }) => metadata.name)).toEqual([
        'portico-documents',
        'portico-repositories',
      ]);
    });
  });

  it('has no new replica where the database could not be prepared', async () => {
    const namespace = await makeNamespace();
    await cluster.ask('POST', placeOf(namespace, 'api/v1/resourcequotas'), {
      metadata: { name: 'no-pods' },
      spec: { hard: { pods: '0' } },
    });
    await until(async () => {
      const quota = await cluster.ask(
        'GET',
        placeOf(namespace, 'api/v1/resourcequotas', 'no-pods'),
      );
      return (
        z
          .looseObject({
            status: z.looseObject({ used: z.unknown().optional() }),
          })
          .parse(quota).status.used !== undefined
      );
    });
    await withValues(installation(namespace, 'First'), file =>
      expect(
        helm([
          'install',
          'portico',
          chartFolder,
          ...inNamespace(namespace),
          `--values=${file}`,
          '--timeout=5s',
        ]),
      ).rejects.toThrow('failed pre-install'),
    );
    const { items } = z
      .object({ items: z.array(z.unknown()) })
      .parse(
        await cluster.ask(
          'GET',
          placeOf(namespace, 'apis/apps/v1/deployments'),
        ),
      );
    expect(items).toEqual([]);
  });
});

/** Asks again until it is so; the test's own limit ends it. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) {
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}
