import { randomUUID } from 'node:crypto';
import {
  RealGitea,
  type RealRepository,
} from '@portico/plugin-promotions-backend-module-git-hosts/testUtils';
import { DisturbedWay, readBedState, until } from '@portico/testbed';
import { z } from 'zod';
import { ArgoCdWorld, target } from '../__testUtils__/ArgoCdWorld';
import { deploymentFiles } from '../__testUtils__/deploymentFiles';
import { RealArgoCd } from '../__testUtils__/RealArgoCd';
import { ArgoCdClient } from '../client/ArgoCdClient';
import { EFFECT_INFO } from './applicationState';

jest.setTimeout(240_000);

const KEY = `sha256:${'e'.repeat(64)}`;
const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`;
const podsSchema = z.object({
  items: z.array(
    z.object({
      status: z.object({
        phase: z.string(),
        conditions: z.array(z.object({ type: z.string(), status: z.string() })),
      }),
    }),
  ),
});
const historySchema = z.object({
  status: z.object({ history: z.array(z.unknown()).default([]) }),
});

const { argocd, kubernetes, kwok, gitea: forge, toxiproxy } = readBedState();
const bed =
  argocd && kubernetes && kwok && forge && toxiproxy
    ? { argocd, kubernetes, kwok, forge, toxiproxy }
    : undefined;
const withArgoCd = bed ? describe : describe.skip;

withArgoCd(
  `the driver on a real Argo CD (${
    bed
      ? 'of the test bed'
      : 'skipped: Argo CD, kwok, Gitea and toxiproxy do not all run'
  })`,
  () => {
    let gitea: RealGitea;
    let argo: RealArgoCd;
    let world: ArgoCdWorld;
    let repository: RealRepository;
    let first: string;
    let component: string;
    let application: string;

    beforeAll(async () => {
      if (bed) {
        gitea = await RealGitea.open(bed.forge);
        argo = await RealArgoCd.open(bed);
      }
    });
    beforeEach(() => {
      component = `checkout-${randomUUID().slice(0, 8)}`;
      application = `${component}-staging`;
      world = new ArgoCdWorld(argo);
    });

    /** The component, declared and known to Argo CD, and not there yet. */
    async function declare(
      options: {
        impossible?: boolean;
        automated?: boolean;
        files?: Record<string, string>;
      } = {},
    ): Promise<void> {
      repository = await gitea.makeRepository({
        ...deploymentFiles(component, 'staging', {
          digest: digestOf('a'),
          impossible: options.impossible,
        }),
        ...options.files,
      });
      first = await repository.head();
      await argo.addApplication(application, {
        repository: `${gitea.url}/${repository.name}.git`,
        path: `${component}/overlays/staging`,
        automated: options.automated,
      });
    }

    const perform = (more: Parameters<ArgoCdWorld['perform']>[0] = {}) =>
      world.perform({
        component: `component:aurora/${component}`,
        revision: first,
        ...more,
      });
    /** Goes on until it is done, or not any more. */
    const finish = (more: Parameters<ArgoCdWorld['perform']>[0] = {}) =>
      until(
        () => perform(more),
        ({ state }) => state !== 'waiting',
      );
    const waitFor = (reason: RegExp) =>
      until(
        () => perform(),
        outcome =>
          outcome.state !== 'waiting' || reason.test(outcome.reason ?? ''),
      );
    const own = () => ({
      ...target,
      component: `component:aurora/${component}`,
    });
    const look = () =>
      world.open().driver.observe(own(), AbortSignal.timeout(10_000));
    const inspect = () =>
      world.open().driver.inspect(own(), AbortSignal.timeout(10_000));

    async function deployments(): Promise<number> {
      const answer = await argo.ask('GET', `/applications/${application}`);
      return historySchema.parse(answer).status.history.length;
    }

    it('syncs once, with its key, and waits until the pods are ready', async () => {
      await declare();
      expect(await perform()).toMatchObject({
        state: 'waiting',
        reason: 'Argo CD was asked to sync',
      });
      expect(await finish()).toEqual({
        state: 'confirmed',
        remote: {
          id: `application ${application} at ${first.slice(0, 12)}`,
          url: `${argo.url}/applications/${application}`,
          adopted: false,
        },
      });
      const { status } = await argo.application(application);
      expect(status).toMatchObject({
        sync: { status: 'Synced', revision: first },
        operationState: {
          operation: {
            info: expect.arrayContaining([{ name: EFFECT_INFO, value: KEY }]),
          },
          syncResult: { revision: first },
        },
      });
      const pods = podsSchema.parse(
        await argo.inCluster(
          `/api/v1/{namespace}/pods?labelSelector=app%3D${component}`,
        ),
      );
      expect(
        pods.items.map(({ status: { phase, conditions } }) => [
          phase,
          conditions.find(({ type }) => type === 'Ready')?.status,
        ]),
      ).toEqual([
        ['Running', 'True'],
        ['Running', 'True'],
      ]);
      expect(await finish()).toMatchObject({ state: 'confirmed' });
      expect(await deployments()).toBe(1);
      expect(await look()).toMatchObject({
        health: 'healthy',
        reason: 'Synced and Healthy',
        revision: first,
        running: [
          { name: `registry.example/${component}`, digest: digestOf('a') },
        ],
      });
    });

    it('syncs to the commit that was asked for, and to no later one', async () => {
      await declare();
      await repository.push(
        'main',
        deploymentFiles(component, 'staging', {
          digest: digestOf('b'),
          replicas: 3,
        }),
      );
      expect(await finish()).toMatchObject({
        state: 'confirmed',
        remote: { adopted: false },
      });
      const { status } = await argo.application(application);
      expect(status?.operationState?.syncResult?.revision).toBe(first);
      expect((await look()).running).toEqual([
        { name: `registry.example/${component}`, digest: digestOf('a') },
      ]);
    });

    it('adopts what Argo CD did by itself', async () => {
      await declare({ automated: true });
      expect(await finish()).toMatchObject({
        state: 'confirmed',
        remote: { adopted: true },
      });
      expect(await deployments()).toBe(1);
      expect(await inspect()).toMatchObject({
        automatic: true,
        sync: 'synced',
        lastOperation: { by: 'automatic', result: 'succeeded' },
      });
    });

    it('finds its sync when the answer was lost, and does it once', async () => {
      if (!bed) {
        throw new Error('There is no bed');
      }
      await declare();
      const way = await DisturbedWay.open(bed.toxiproxy, component, argo.url);
      try {
        world.system.url = way.url;
        await way.disturb({ type: 'timeout', timeout: 0 });
        const asked = new ArgoCdClient({ timeout: 3_000 }).sync(
          {
            system: world.system,
            project: argo.project,
            name: application,
            namespace: undefined,
            token: argo.token,
          },
          { revision: first, infos: [{ name: EFFECT_INFO, value: KEY }] },
          AbortSignal.timeout(60_000),
        );
        await expect(asked).rejects.toMatchObject({
          name: 'ServiceUnavailableError',
          message: 'Argo CD main gave no answer: it took too long',
        });
        await way.calm();
        expect(await finish()).toMatchObject({
          state: 'confirmed',
          remote: { adopted: false },
        });
        expect(await deployments()).toBe(1);
      } finally {
        await way.close();
      }
    });

    it.each([
      {
        what: 'nobody is there',
        so: (way: DisturbedWay) => way.setThere(false),
      },
      {
        what: 'the connection is reset',
        so: (way: DisturbedWay) =>
          way.disturb({ type: 'reset_peer', timeout: 0 }),
      },
      {
        what: 'it does not answer in time',
        so: (way: DisturbedWay) => way.disturb({ type: 'timeout', timeout: 0 }),
      },
    ])('could not tell while $what, and goes on', async ({ so }) => {
      if (!bed) {
        throw new Error('There is no bed');
      }
      await declare();
      const way = await DisturbedWay.open(bed.toxiproxy, component, argo.url);
      try {
        world.system.url = way.url;
        await so(way);
        await expect(perform({ timeout: 2_000 })).rejects.toMatchObject({
          name: 'ServiceUnavailableError',
          message: expect.stringMatching(
            /^Argo CD main gave no answer: (ECONNREFUSED|ECONNRESET|it took too long)$/,
          ),
        });
        expect(
          await world
            .open(2_000)
            .driver.observe(own(), AbortSignal.timeout(10_000)),
        ).toMatchObject({ health: 'unknown', running: [] });
        await way.calm();
        expect(await finish()).toMatchObject({ state: 'confirmed' });
        expect(await deployments()).toBe(1);
      } finally {
        await way.close();
      }
    });

    it('waits while what is synced does not become healthy', async () => {
      await declare({ impossible: true });
      expect(
        await waitFor(/not healthy yet: Synced and Degraded/),
      ).toMatchObject({
        state: 'waiting',
        reason: expect.stringMatching(
          /^Synced, and not healthy yet: Synced and Degraded/,
        ),
      });
      expect(await look()).toMatchObject({ health: 'degraded' });
    });

    it('fails with the words of Argo CD when something may not be deployed', async () => {
      await declare({
        files: {
          [`${component}/base/kustomization.yaml`]:
            'resources: [deployment.yaml, foreign.yaml]\n',
          [`${component}/base/foreign.yaml`]: JSON.stringify({
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: component, namespace: 'kube-system' },
          }),
        },
      });
      expect(await finish()).toMatchObject({
        state: 'failed',
        reason: expect.stringMatching(
          /^Argo CD could not sync .*kube-system is not permitted/s,
        ),
      });
    });

    it('waits for an application that is not there, in words that tell what to do', async () => {
      first = 'c'.repeat(40);
      expect(await perform()).toMatchObject({
        state: 'waiting',
        reason: `Argo CD main has no application ${application} in the project ${argo.project}, or the credential may not see it`,
      });
      expect(await look()).toMatchObject({ health: 'unknown' });
    });

    it('tells an application of another project like none', async () => {
      await declare();
      const other = `other-${randomUUID().slice(0, 8)}`;
      const token = await argo.makeToken(other);
      for (const project of [argo.project, other]) {
        world = new ArgoCdWorld({ url: argo.url, token, project });
        expect(await perform()).toMatchObject({
          state: 'waiting',
          reason: `Argo CD main has no application ${application} in the project ${project}, or the credential may not see it`,
        });
      }
      expect(await deployments()).toBe(0);
    });

    it.each([
      'not-a-token',
      // Of somebody else's Argo CD: well-formed, and signed by nobody here.
      [
        { alg: 'HS256', typ: 'JWT' },
        { iss: 'argocd', sub: 'admin' },
      ]
        .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .concat('c2lnbmF0dXJl')
        .join('.'),
    ])('waits for another credential instead of %s', async token => {
      await declare();
      world.credential = { token };
      expect(await perform()).toMatchObject({
        state: 'waiting',
        reason: expect.stringContaining('does not accept the credential'),
      });
    });

    it('fails when the credential may only read', async () => {
      await declare();
      await argo.limitRole(['get']);
      try {
        expect(await finish()).toMatchObject({
          state: 'failed',
          reason: expect.stringContaining("the right 'sync'"),
        });
      } finally {
        await argo.limitRole(['get', 'sync']);
      }
    });

    it('waits while a window of the project is closed', async () => {
      await declare();
      await argo.setWindows([
        {
          kind: 'deny',
          schedule: '* * * * *',
          duration: '1h',
          applications: [application],
        },
      ]);
      try {
        expect(await perform()).toMatchObject({
          state: 'waiting',
          reason: expect.stringContaining(
            "A sync window of the project is closed: deny '* * * * *' for 1h",
          ),
        });
      } finally {
        await argo.setWindows([]);
      }
      expect(await finish()).toMatchObject({ state: 'confirmed' });
    });

    it('finds what somebody changed by hand in the cluster', async () => {
      await declare();
      await finish();
      await argo.editDeployment(component, { spec: { replicas: 5 } });
      const found = await until(inspect, seen => seen?.sync === 'outOfSync');
      expect(found).toMatchObject({
        sync: 'outOfSync',
        comparedRevision: first,
        automatic: false,
        resources: [
          {
            resource: `apps/Deployment ${argo.project}/${component}`,
            state: 'differs',
            fields: [{ path: 'spec.replicas', declared: '2', live: '5' }],
          },
        ],
        problems: [],
      });
      // A sync of the same commit brings it back.
      expect(await finish({ key: digestOf('f') })).toMatchObject({
        state: 'confirmed',
        remote: { adopted: false },
      });
      expect(
        await until(inspect, seen => seen?.sync === 'synced'),
      ).toMatchObject({
        sync: 'synced',
      });
    });
  },
);
