import { mockServices } from '@backstage/backend-test-utils';
import { TestGitHost } from '@portico/plugin-git-host-backend/testUtils';
import {
  deliverySchema,
  type FrozenGate,
  type Promotion,
} from '@portico/plugin-promotions-common';
import {
  ArgoCdWorld,
  deploymentFiles,
  RealArgoCd,
} from '@portico/plugin-promotions-backend-module-argocd/testUtils';
import {
  HostWorld,
  RealGitea,
  type RealRepository,
} from '@portico/plugin-promotions-backend-module-git-hosts/testUtils';
import { DisturbedWay, readBedState, until } from '@portico/testbed';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { DriftScan } from '../drift/DriftScan';
import { createDelivery } from '../effects/createDelivery';
import { OutsideChanges } from '../observation/OutsideChanges';
import { DriftQueries } from '../queries/DriftQueries';
import { approval, EngineBench, tenant } from './__testUtils__/EngineBench';

jest.setTimeout(240_000);

const { argocd, kubernetes, kwok, gitea: forge, toxiproxy } = readBedState();
const bed =
  argocd && kubernetes && kwok && forge && toxiproxy
    ? { argocd, kubernetes, kwok, forge, toxiproxy }
    : undefined;
const withBed = bed ? describe : describe.skip;

/** Argo CD settles for some minutes, and what it compared is good for a quarter of an hour. */
const SETTLED_MS = 6 * 60_000;
const ends = ['succeeded', 'failed', 'errored', 'rejected', 'rolledBack'];
const health: FrozenGate = {
  name: 'well',
  kind: 'health',
  options: {},
  requiredBy: 'pipeline:default/default',
};
const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`;
const podsSchema = z.object({
  items: z.array(
    z.object({
      spec: z.object({ containers: z.array(z.object({ image: z.string() })) }),
      status: z.object({ phase: z.string() }),
    }),
  ),
});
const contentSchema = z.object({ content: z.base64() });
const pullsSchema = z.array(
  z.object({ merged: z.boolean(), state: z.string() }),
);
const historySchema = z.object({
  status: z.object({ history: z.array(z.unknown()).default([]) }),
});

/* Whole promotions: the engine on PostgreSQL, with a real Gitea, Argo CD and Kubernetes. */
withBed(
  `a promotion by a real Gitea and a real Argo CD (${
    bed
      ? 'of the test bed'
      : 'skipped: Argo CD, kwok, Gitea and toxiproxy do not all run'
  })`,
  () => {
    let bench: EngineBench;
    let git: TestGitHost;
    let gitea: RealGitea;
    let argo: RealArgoCd;
    let world: ArgoCdWorld;
    let host: HostWorld;
    let repository: RealRepository;
    let delivery: ReturnType<typeof createDelivery>;
    let service: string;
    let component: string;

    beforeAll(async () => {
      if (!bed) {
        throw new Error('There is no bed');
      }
      bench = await EngineBench.create();
      git = await TestGitHost.create({ database: bench.testDatabase.database });
      gitea = await RealGitea.open(bed.forge);
      argo = await RealArgoCd.open(bed);
      // Only production, where two people have to approve.
      bench.stages.splice(0, 2);
    });
    afterAll(async () => {
      await git?.destroy();
      await bench?.destroy();
    });

    const application = () => `${service}-prod`;

    /** A service that is declared, and that Argo CD knows; nothing of it runs yet. */
    async function begin(
      options: {
        write?: 'commit' | 'pullRequest';
        gates?: FrozenGate[];
        timeout?: number;
      } = {},
    ): Promise<void> {
      service = `shop-${randomUUID().slice(0, 8)}`;
      component = `component:${tenant}/${service}`;
      repository = await gitea.makeRepository(
        deploymentFiles(service, 'prod', { digest: digestOf('0') }),
      );
      await argo.addApplication(application(), {
        repository: `${gitea.url}/${repository.name}.git`,
        path: `${service}/overlays/prod`,
      });
      world = new ArgoCdWorld(argo, () => new Date(Date.now() + SETTLED_MS));
      host = new HostWorld(gitea, 'gitea');
      delivery = createDelivery({
        database: bench.testDatabase.database,
        gitHost: git.service,
        hosts: [
          {
            kind: 'forge',
            open: () =>
              host.open({
                name: repository.name,
                timeoutMilliseconds: options.timeout,
              }),
          },
        ],
        drivers: [world.open(options.timeout).driver],
        now: bench.now,
      });
      const { proposer, runner } = delivery;
      bench.outside = {
        propose: of => proposer.propose(of),
        run: of => runner.run(of),
        observe: of => runner.observe(of),
        steer: (...of) => runner.steer(...of),
      };
      const [stage] = bench.stages;
      bench.observe = of =>
        runner.observe({ ...of, delivery: stage.environment.delivery });
      Object.assign(stage, { gates: options.gates ?? [approval] });
      stage.environment.delivery = deliverySchema.parse({
        driver: 'argocd',
        repository: { host: 'forge', name: repository.name },
        write: options.write ?? 'commit',
        timeout: 'PT4H',
      });
    }

    const now = (): Promise<Promotion> => bench.newest(component, 'prod');

    async function ask(version: string, letter: string): Promise<string> {
      const { id: release } = await bench.announce(component, version, {
        images: [{ name: service, digest: digestOf(letter) }],
        source: undefined,
      });
      const { id } = await bench.service.request(
        { component, environment: 'prod', release },
        bench.person('kim'),
      );
      await bench.settle();
      return id;
    }

    /** A release that kim asks for, and that two others approve. */
    async function approved(version = '1.0.0', letter = 'a'): Promise<string> {
      const id = await ask(version, letter);
      const { subject = '' } = await now();
      for (const name of ['ana', 'ben']) {
        await bench.service.vote(
          { promotion: id, decision: 'approve', subject },
          bench.person(name),
        );
      }
      return id;
    }

    /** What becomes of it a little later. */
    async function later(): Promise<Promotion> {
      bench.pass(0.1);
      await bench.settle();
      return now();
    }
    const finish = () => until(later, ({ phase }) => ends.includes(phase));

    async function onMain(): Promise<string> {
      const file = contentSchema.parse(
        await repository.ask(
          'GET',
          `/contents/${service}/overlays/prod/kustomization.yaml?ref=main`,
        ),
      );
      return Buffer.from(file.content, 'base64').toString('utf8');
    }
    async function commitsOf(promotion: string): Promise<number> {
      return (await repository.log()).filter(({ commit }) =>
        commit.message.includes(`Portico-Promotion: ${promotion}`),
      ).length;
    }
    async function syncs(): Promise<number> {
      const answer = await argo.ask('GET', `/applications/${application()}`);
      return historySchema.parse(answer).status.history.length;
    }
    async function running(): Promise<string[]> {
      const pods = podsSchema.parse(
        await argo.inCluster(
          `/api/v1/{namespace}/pods?labelSelector=app%3D${service}`,
        ),
      );
      return pods.items.map(
        ({ spec, status }) => `${spec.containers[0]?.image} ${status.phase}`,
      );
    }
    const ranBy = (letter: string) =>
      Array<string>(2).fill(
        `registry.example/${service}@${digestOf(letter)} Running`,
      );

    it.each(['commit', 'pullRequest'] as const)(
      'succeeds by %s: one commit, one sync, and the pods run it',
      async write => {
        await begin({ write });
        const id = await approved();
        expect(await finish()).toMatchObject({
          id,
          phase: 'succeeded',
          reason: expect.stringContaining('It runs and is healthy'),
        });
        expect(await onMain()).toContain(digestOf('a'));
        expect(await commitsOf(id)).toBe(1);
        expect(await syncs()).toBe(1);
        expect(await running()).toEqual(ranBy('a'));
        const pulls = pullsSchema.parse(
          await repository.ask('GET', '/pulls?state=all'),
        );
        expect(pulls).toEqual(
          write === 'commit' ? [] : [{ merged: true, state: 'closed' }],
        );
        // The next release takes its place.
        await approved('2.0.0', 'b');
        expect(await finish()).toMatchObject({ phase: 'succeeded' });
        expect(await until(running, pods => pods.length === 2)).toEqual(
          ranBy('b'),
        );
        expect(await syncs()).toBe(2);
      },
    );

    it.each([
      {
        what: 'Argo CD does not answer in time',
        disturbed: 'argo' as const,
        so: (way: DisturbedWay) => way.disturb({ type: 'timeout', timeout: 0 }),
      },
      {
        what: 'Argo CD resets connections',
        disturbed: 'argo' as const,
        so: (way: DisturbedWay) =>
          way.disturb({ type: 'reset_peer', timeout: 0 }),
      },
      {
        what: 'Gitea does what it is asked, and its answers are lost',
        disturbed: 'gitea' as const,
        so: (way: DisturbedWay) => way.disturb({ type: 'timeout', timeout: 0 }),
      },
      {
        what: 'Gitea resets connections',
        disturbed: 'gitea' as const,
        so: (way: DisturbedWay) =>
          way.disturb({ type: 'reset_peer', timeout: 0 }),
      },
    ])(
      'waits while $what, and does everything once',
      async ({ disturbed, so }) => {
        if (!bed) {
          throw new Error('There is no bed');
        }
        await begin({ timeout: 3_000 });
        const system = disturbed === 'argo' ? world.system : host.system;
        const way = await DisturbedWay.open(bed.toxiproxy, service, system.url);
        try {
          system.url = way.url;
          const id = await approved();
          await so(way);
          const disturbedTurn = await later();
          expect(ends).not.toContain(disturbedTurn.phase);
          expect(disturbedTurn.reason).toMatch(
            disturbed === 'argo' ? /Argo CD main gave no answer/ : /forge/,
          );
          await way.calm();
          expect(await finish()).toMatchObject({ id, phase: 'succeeded' });
          expect(await commitsOf(id)).toBe(1);
          expect(await syncs()).toBe(1);
          expect(await running()).toEqual(ranBy('a'));
        } finally {
          await way.close();
        }
      },
    );

    it('fails with the words of Argo CD when it cannot be synced', async () => {
      await begin();
      await repository.push('main', {
        [`${service}/base/kustomization.yaml`]:
          'resources: [deployment.yaml, foreign.yaml]\n',
        [`${service}/base/foreign.yaml`]: JSON.stringify({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: service, namespace: 'kube-system' },
        }),
      });
      await approved();
      expect(await finish()).toMatchObject({
        phase: 'failed',
        reason: expect.stringMatching(
          /^Argo CD could not sync .*kube-system is not permitted/s,
        ),
      });
    });

    it('promotes nothing on top of what is ill, and goes on when it is well', async () => {
      await begin({ gates: [health] });
      await ask('1.0.0', 'a');
      expect(await finish()).toMatchObject({ phase: 'succeeded' });
      const select = (nodeSelector: object | null) =>
        argo.editDeployment(service, {
          spec: { template: { spec: { nodeSelector } } },
        });
      await select({ kind: 'there-is-none' });
      await until(
        () => argo.application(application()),
        ({ status }) => status?.health?.status === 'Degraded',
      );
      await ask('2.0.0', 'b');
      expect(await now()).toMatchObject({
        phase: 'waiting',
        reason: expect.stringMatching(
          /prod is degraded, says Argo CD main: .*Degraded/,
        ),
      });
      await select(null);
      await until(
        () => argo.application(application()),
        ({ status }) => status?.health?.status === 'Healthy',
      );
      bench.pass(10);
      expect(await finish()).toMatchObject({ phase: 'succeeded' });
      expect(await running()).toEqual(ranBy('b'));
    });

    it('finds what was changed in the cluster by hand, until it is as declared again', async () => {
      await begin();
      await approved();
      expect(await finish()).toMatchObject({ phase: 'succeeded' });
      const { database } = bench.testDatabase;
      const { drivers, repositories } = delivery;
      const logger = mockServices.logger.mock();
      const soon = () => new Date(Date.now() + SETTLED_MS);
      const scan = new DriftScan({
        database,
        logger,
        drivers,
        repositories,
        resolver: {
          resolve: async of => ({
            pipelineRefs: [],
            stages: of.component === component ? bench.stages : [],
          }),
        },
        changes: new OutsideChanges({
          database,
          repositories,
          logger,
          now: soon,
        }),
        now: soon,
      });
      const drift = async (state: 'open' | 'resolved') => {
        await scan.scan();
        return new DriftQueries({ database, now: soon }).list({
          tenant,
          state,
          limit: 10,
        });
      };
      expect((await drift('open')).items).toEqual([]);
      await argo.editDeployment(service, { spec: { replicas: 5 } });
      const { items } = await until(
        () => drift('open'),
        found => found.items.length > 0,
      );
      expect(items).toMatchObject([
        {
          component,
          environment: 'prod',
          resource: `apps/Deployment ${argo.project}/${service}`,
          path: 'spec.replicas',
          declared: '2',
          live: '5',
        },
      ]);
      await argo.editDeployment(service, { spec: { replicas: 2 } });
      const resolved = await until(
        () => drift('resolved'),
        found => found.items.length > 0,
      );
      expect(resolved.items).toMatchObject([{ path: 'spec.replicas' }]);
      expect((await drift('open')).items).toEqual([]);
    });
  },
);
