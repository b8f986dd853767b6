import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Entity } from '@backstage/catalog-model';
import { readBedState, until } from '@portico/testbed';
import { z } from 'zod';
import { kim, KubernetesPortal, lena } from './__testUtils__/KubernetesPortal';
import { RealCluster } from './__testUtils__/RealCluster';

jest.setTimeout(240_000);

const { kubernetes, kwok } = readBedState();
const withKubernetes = kubernetes && kwok ? describe : describe.skip;

const podSchema = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  status: z.object({
    phase: z.string(),
    conditions: z
      .array(z.object({ type: z.string(), status: z.string() }))
      .default([]),
  }),
});
const deploymentSchema = z.object({
  metadata: z.object({ name: z.string() }),
  status: z.object({ readyReplicas: z.number().default(0) }),
});
const answerSchema = z.object({
  items: z.array(
    z.object({
      errors: z.array(
        z.object({
          statusCode: z.number().optional(),
          resourcePath: z.string(),
        }),
      ),
      resources: z.array(
        z.discriminatedUnion('type', [
          z.object({ type: z.literal('pods'), resources: z.array(podSchema) }),
          z.object({
            type: z.literal('deployments'),
            resources: z.array(deploymentSchema),
          }),
        ]),
      ),
    }),
  ),
});

function component(tenant: string, name: string, namespace: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      namespace: tenant,
      name,
      annotations: {
        'backstage.io/kubernetes-id': name,
        'backstage.io/kubernetes-namespace': namespace,
      },
    },
    spec: { type: 'service', lifecycle: 'production', owner: 'x' },
  };
}

withKubernetes(
  `the Kubernetes plugin on a real API server (${
    kubernetes && kwok ? 'of the test bed' : 'skipped: it does not run'
  })`,
  () => {
    let folder: string;
    let aurora: RealCluster;
    let borealis: RealCluster;
    let portal: KubernetesPortal;

    beforeAll(async () => {
      if (!kubernetes) {
        throw new Error('There is no cluster');
      }
      folder = await mkdtemp(join(tmpdir(), 'portico-cluster-'));
      const certificateAuthorityFile = join(folder, 'ca.pem');
      await writeFile(
        certificateAuthorityFile,
        kubernetes.certificateAuthority,
      );
      aurora = await RealCluster.open(kubernetes, 'aurora');
      borealis = await RealCluster.open(kubernetes, 'borealis');
      portal = await KubernetesPortal.start(
        { east: { url: kubernetes.url, certificateAuthorityFile } },
        [
          ['aurora', 'east', aurora.namespace],
          ['borealis', 'east', borealis.namespace],
        ],
      );
      portal.entities = [
        component('aurora', 'shop', aurora.namespace),
        component('aurora', 'stuck', aurora.namespace),
        component('aurora', 'cross', borealis.namespace),
        component('borealis', 'shop', borealis.namespace),
      ];
      await aurora.deploy('shop');
      await aurora.deploy('stuck', { impossible: true });
      await borealis.deploy('shop', { replicas: 1 });
      for (const [user, cluster] of [
        [kim, aurora],
        [lena, borealis],
      ] as const) {
        await portal.setCredential(
          user,
          'east',
          await cluster.makeReader([
            'pods',
            'deployments',
            'events',
            'pods/log',
          ]),
        );
      }
    });
    afterAll(async () => {
      await portal?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    async function read(user: string, name: string) {
      const answer = await portal.as(
        user,
        'post',
        '/resources/workloads/query',
        { entityRef: `component:${name}`, auth: {} },
      );
      return { status: answer.status, text: answer.text, body: answer.body };
    }
    async function workloads(user: string, name: string) {
      const { body } = await read(user, name);
      const [cluster] = answerSchema.parse(body).items;
      const pods = cluster?.resources.flatMap(group =>
        group.type === 'pods' ? group.resources : [],
      );
      const deployments = cluster?.resources.flatMap(group =>
        group.type === 'deployments' ? group.resources : [],
      );
      return { errors: cluster?.errors, pods, deployments };
    }
    const isReady = ({ status }: z.infer<typeof podSchema>) =>
      status.conditions.some(
        ({ type, status: is }) => type === 'Ready' && is === 'True',
      );

    it('shows pods that became ready, of the own tenant only', async () => {
      const seen = await until(
        () => workloads(kim, 'aurora/shop'),
        ({ deployments }) => deployments?.[0]?.status.readyReplicas === 2,
      );
      expect(seen.deployments).toEqual([
        { metadata: { name: 'shop' }, status: { readyReplicas: 2 } },
      ]);
      expect(
        seen.pods?.map(pod => [
          pod.metadata.namespace,
          pod.status.phase,
          isReady(pod),
        ]),
      ).toEqual([
        [aurora.namespace, 'Running', true],
        [aurora.namespace, 'Running', true],
      ]);
      const { text } = await read(kim, 'aurora/shop');
      expect(text).not.toMatch(/canary-password|managedFields/);
      expect(text).not.toContain(borealis.namespace);
      expect((await workloads(lena, 'borealis/shop')).pods).toHaveLength(1);
    });

    it('shows pods that find no node, and says why', async () => {
      const { pods } = await until(
        () => workloads(kim, 'aurora/stuck'),
        ({ pods: found }) => found?.length === 2,
      );
      expect(pods?.map(({ status }) => status.phase)).toEqual([
        'Pending',
        'Pending',
      ]);
      const events = () =>
        portal.as(
          kim,
          'get',
          `/read/events?entityRef=component:aurora/stuck&cluster=east&namespace=${aurora.namespace}&object=${pods?.[0]?.metadata.name}`,
        );
      const { body } = await until(
        events,
        answer => answer.body.items?.length > 0,
      );
      expect(body.items[0]).toMatchObject({
        reason: 'FailedScheduling',
        message: expect.stringContaining('node(s) didn'),
      });
    });

    it('describes a pod without what is secret in it', async () => {
      const { pods } = await workloads(kim, 'aurora/shop');
      const answer = await portal.as(
        kim,
        'get',
        `/read/describe?entityRef=component:aurora/shop&cluster=east&namespace=${aurora.namespace}&kind=Pod&name=${pods?.[0]?.metadata.name}`,
      );
      expect(answer.status).toBe(200);
      expect(answer.body.spec.containers[0].env).toEqual([
        { name: 'DB_PASSWORD', value: '[redacted]' },
      ]);
      expect(answer.text).not.toContain('managedFields');
    });

    it.each([
      [kim, 'aurora/cross', 403],
      [lena, 'aurora/shop', 400],
    ])('tells %s nothing of %s', async (user, name, status) => {
      const answer = await read(user, name);
      expect(answer.status).toBe(status);
      expect(answer.text).not.toContain('replicas');
    });

    it('says what the credential may not read, and shows the rest', async () => {
      await portal.setCredential(
        kim,
        'east',
        await aurora.makeReader(['deployments']),
      );
      const { errors, deployments, pods } = await workloads(kim, 'aurora/shop');
      expect(errors).toContainEqual({
        statusCode: 403,
        resourcePath: `/api/v1/namespaces/${aurora.namespace}/pods`,
      });
      expect(deployments).toHaveLength(1);
      expect(pods).toEqual([]);
    });

    it('stays inside of the namespace where the credential reads more', async () => {
      if (!kubernetes) {
        throw new Error('There is no cluster');
      }
      await portal.setCredential(kim, 'east', kubernetes.token);
      const { text } = await read(kim, 'aurora/shop');
      expect(text).toContain(aurora.namespace);
      expect(text).not.toContain(borealis.namespace);
      const answer = await portal.as(
        kim,
        'get',
        `/read/describe?entityRef=component:aurora/shop&cluster=east&namespace=${borealis.namespace}&kind=Deployment&name=shop`,
      );
      expect(answer.status).toBe(404);
    });

    it('says that a credential is not accepted', async () => {
      await portal.setCredential(kim, 'east', 'not-a-token');
      const { errors } = await workloads(kim, 'aurora/shop');
      expect(errors).toContainEqual({
        statusCode: 401,
        resourcePath: `/api/v1/namespaces/${aurora.namespace}/pods`,
      });
    });
  },
);
