import { TestGitHost } from '@portico/plugin-git-host-backend/testUtils';
import {
  deliverySchema,
  type Promotion,
} from '@portico/plugin-promotions-common';
import {
  DriverWorld,
  recordedErrors,
} from '@portico/plugin-promotions-backend-module-argocd/testUtils';
import {
  HostWorld,
  StandInHost,
  standInHosts,
  type StandInRepository,
} from '@portico/plugin-promotions-backend-module-git-hosts/testUtils';
import { createDelivery } from '../effects/createDelivery';
import { EngineBench, tenant } from './__testUtils__/EngineBench';

jest.setTimeout(120_000);

type Write = 'commit' | 'pullRequest';

const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`;
const own = /^portico\/promotion\/prod\//;

/*
 * Whole promotions: the engine on PostgreSQL with the clients of Git hosts and of Argo CD,
 * against stand-ins that refuse what their vendors do not describe.
 */
describe('a promotion by another Git host and Argo CD', () => {
  let bench: EngineBench;
  let git: TestGitHost;
  let argo: DriverWorld;
  let repository: StandInRepository;
  let service: string;
  let component: string;
  let count = 0;

  beforeAll(async () => {
    bench = await EngineBench.create();
    git = await TestGitHost.create({ database: bench.testDatabase.database });
    // Only production, where two people have to approve.
    bench.stages.splice(0, 2);
  });
  afterAll(async () => {
    await git?.destroy();
    await bench?.destroy();
  });
  beforeEach(async () => {
    count += 1;
    service = `service-${count}`;
    component = `component:${tenant}/${service}`;
    argo = await DriverWorld.start();
  });
  afterEach(() => argo.stop());

  const overlay = () => `${service}/overlays/prod/kustomization.yaml`;
  const application = () => `${service}-prod`;

  /** Everything that is outside, as it is at the beginning. */
  function begin(
    host: StandInHost,
    api: ConstructorParameters<typeof HostWorld>[1],
    write: Write,
    options: { rollsBack?: boolean; timeout?: number } = {},
  ): void {
    repository = host.reset({
      [overlay()]: 'resources: [../../base]\nimages: []\n',
      [`${service}/base/kustomization.yaml`]: 'resources: [service.yaml]\n',
      [`${service}/base/service.yaml`]: 'kind: Service\n',
    });
    argo.argo.add(application());
    const forge = new HostWorld(host, api);
    const { proposer, runner } = createDelivery({
      database: bench.testDatabase.database,
      gitHost: git.service,
      hosts: [{ kind: 'forge', open: () => forge.open() }],
      drivers: [argo.open(options.timeout).driver],
      now: bench.now,
    });
    bench.outside = {
      propose: of => proposer.propose(of),
      run: of => runner.run(of),
      observe: of => runner.observe(of),
      steer: (...of) => runner.steer(...of),
    };
    const [stage] = bench.stages;
    Object.assign(stage, {
      automaticRollback: options.rollsBack || undefined,
      rollbackGates: [],
    });
    stage.environment.delivery = deliverySchema.parse({
      driver: 'argocd',
      repository: { host: 'forge', name: 'aurora/deployments' },
      write,
    });
  }

  const now = (): Promise<Promotion> => bench.newest(component, 'prod');

  /** A release that kim asks for, and that two others approve. */
  async function approved(version = '1.0.0', letter = 'a'): Promise<string> {
    bench.pass(1);
    const { id: release } = await bench.announce(component, version, {
      images: [{ name: service, digest: digestOf(letter) }],
      source: undefined,
    });
    const { id } = await bench.service.request(
      { component, environment: 'prod', release },
      bench.person('kim'),
    );
    await bench.settle();
    const { subject = '' } = await now();
    for (const name of ['ana', 'ben']) {
      await bench.service.vote(
        { promotion: id, decision: 'approve', subject },
        bench.person(name),
      );
    }
    return id;
  }

  /** What becomes of it when the engine goes on a while later. */
  async function later(minutes = 2): Promise<Promotion> {
    bench.pass(minutes);
    await bench.settle();
    return now();
  }

  /** Argo CD does what it was asked for. */
  async function syncs(phase = 'Succeeded', letter = 'a'): Promise<Promotion> {
    argo.argo.begin(application());
    await later();
    argo.argo.end(application(), phase, {
      ...(phase === 'Failed' && { sync: 'OutOfSync' as const }),
      images: [`registry.example/${service}:1@${digestOf(letter)}`],
    });
    return later();
  }

  const onMain = () =>
    repository.commit(repository.branches.get('main') ?? '').files[overlay()];
  const commitsOf = (promotion: string) =>
    [...repository.commits.values()].filter(({ message }) =>
      message.includes(`Portico-Promotion: ${promotion}`),
    );

  describe.each(standInHosts)('on $api', ({ api, dialect, write }) => {
    let host: StandInHost;
    beforeAll(async () => {
      host = await StandInHost.start(dialect);
    });
    afterEach(() => {
      if (host.faults.length > 0) {
        throw new Error(host.faults.join('\n'));
      }
    });
    afterAll(() => host?.stop());

    it.each<Write>(['commit', 'pullRequest'])(
      'succeeds by %s: one commit, one sync, and it runs',
      async way => {
        begin(host, api, way);
        const id = await approved();
        await bench.settle();
        await expect(now()).resolves.toMatchObject({ phase: 'running' });
        await expect(syncs()).resolves.toMatchObject({
          id,
          phase: 'succeeded',
          reason: expect.stringContaining('It runs and is healthy'),
        });
        expect(onMain()).toContain(digestOf('a'));
        expect(commitsOf(id)).toHaveLength(1);
        expect(argo.posts).toHaveLength(1);
        expect(repository.pullRequests.map(({ state }) => state)).toEqual(
          way === 'commit' ? [] : ['merged'],
        );
      },
    );

    it('asks the people again when somebody pushes after they approved', async () => {
      begin(host, api, 'commit');
      const id = await approved();
      repository.push('main', { [overlay()]: 'resources: [../../base]\n' });
      await bench.settle();
      await expect(now()).resolves.toMatchObject({
        phase: 'waiting',
        reason: expect.stringContaining('needs 2 more approvals'),
      });
      expect(commitsOf(id)).toEqual([]);
    });

    it('asks them again when somebody pushes in the moment of the commit', async () => {
      begin(host, api, 'commit');
      const id = await approved();
      host.before(write, () =>
        repository.push('main', { [overlay()]: 'resources: [../../base]\n' }),
      );
      await bench.settle();
      await expect(later()).resolves.toMatchObject({
        phase: 'waiting',
        reason: expect.stringContaining('needs 2 more approvals'),
      });
      expect(repository.log('main')).toHaveLength(2);
      expect(onMain()).not.toContain(digestOf('a'));
      expect(id).toBe((await now()).id);
    });

    it('fails on a protected branch, and says what to do', async () => {
      begin(host, api, 'commit');
      repository.protectedBranches.add('main');
      await approved();
      await bench.settle();
      await expect(now()).resolves.toMatchObject({
        phase: 'failed',
        reason: expect.stringMatching(/takes no commit on main: .*pullRequest/),
      });
      await expect(
        bench.service.deployments({ tenant, component }),
      ).resolves.toEqual([]);
    });

    it('takes a pull request that somebody merged by hand for merged', async () => {
      begin(host, api, 'pullRequest');
      const id = await approved();
      repository.mergesWaitFor = 'Required reviews are missing';
      await bench.settle();
      await expect(now()).resolves.toMatchObject({
        phase: 'running',
        reason: expect.stringContaining('Required reviews are missing'),
      });
      repository.merge(repository.pullRequests[0]);
      await expect(later()).resolves.toMatchObject({ phase: 'running' });
      await expect(syncs()).resolves.toMatchObject({ id, phase: 'succeeded' });
      expect(repository.pullRequests).toHaveLength(1);
    });

    it.each([
      {
        what: 'is closed',
        so: () => {
          repository.pullRequests[0].state = 'closed';
        },
        reason: /was closed without a merge; promote again/,
      },
      {
        what: 'got a push of somebody else',
        so: () => {
          repository.push(repository.pullRequests[0].branch, { a: 'b' });
        },
        reason: /is not what was approved any more: somebody pushed to portico/,
      },
      {
        what: 'was force-pushed to something else',
        so: () => {
          const { branch } = repository.pullRequests[0];
          repository.branches.set(
            branch,
            repository.make(undefined, { a: 'b' }, 'Another history'),
          );
        },
        reason: /is not what was approved any more: somebody pushed to portico/,
      },
    ])(
      'fails when its pull request $what, and deployed nothing',
      async ({ so, reason }) => {
        begin(host, api, 'pullRequest', { rollsBack: true });
        await approved();
        repository.mergesWaitFor = 'Required reviews are missing';
        await bench.settle();
        expect(repository.pullRequests[0].branch).toMatch(own);
        so();
        await expect(later()).resolves.toMatchObject({
          phase: 'failed',
          reason: expect.stringMatching(reason),
        });
        expect(onMain()).not.toContain(digestOf('a'));
        await expect(
          bench.service.deployments({ tenant, component }),
        ).resolves.toEqual([]);
      },
    );
  });

  describe('whatever Argo CD says', () => {
    const [{ api, dialect }] = standInHosts;
    let host: StandInHost;
    beforeAll(async () => {
      host = await StandInHost.start(dialect);
    });
    afterAll(() => host?.stop());

    it.each([
      {
        what: 'the credential is refused (401)',
        so: () =>
          argo.argo.disturb('GET', { answer: recordedErrors.unauthenticated }),
        reason: /credential/,
      },
      {
        what: 'it is broken (500)',
        so: () =>
          argo.argo.disturb(
            'GET',
            ...Array<{ answer: { status: number; body: string } }>(3).fill({
              answer: { status: 500, body: 'upstream' },
            }),
          ),
        reason: /500/,
      },
      {
        what: 'it does not answer in time',
        so: () =>
          argo.argo.disturb(
            'GET',
            ...Array<{ silence: true }>(3).fill({ silence: true }),
          ),
        reason: /answer/,
      },
    ])('waits while $what, and goes on', async ({ so, reason }) => {
      begin(host, api, 'commit', { timeout: 300 });
      const id = await approved();
      so();
      await bench.settle();
      await expect(now()).resolves.toMatchObject({
        phase: 'running',
        reason: expect.stringMatching(reason),
      });
      for (let turn = 0; turn < 5 && argo.posts.length === 0; turn += 1) {
        await later();
      }
      await expect(syncs()).resolves.toMatchObject({ id, phase: 'succeeded' });
      expect(commitsOf(id)).toHaveLength(1);
      expect(argo.posts).toHaveLength(1);
    });

    it('waits for an application that it does not know, and fails in the end', async () => {
      begin(host, api, 'commit');
      argo.argo.applications.clear();
      await approved();
      await bench.settle();
      await expect(now()).resolves.toMatchObject({
        phase: 'running',
        reason: expect.stringContaining(application()),
      });
      await expect(later(16)).resolves.toMatchObject({
        phase: 'failed',
        reason: expect.stringContaining(application()),
      });
    });

    it('brings back what ran before when a sync fails, by the same way', async () => {
      begin(host, api, 'pullRequest', { rollsBack: true });
      await approved('1.0.0', 'a');
      await bench.settle();
      await expect(syncs()).resolves.toMatchObject({ phase: 'succeeded' });
      const bad = await approved('2.0.0', 'b');
      await bench.settle();
      expect(onMain()).toContain(digestOf('b'));
      const rollback = await syncs('Failed', 'a');
      await expect(
        bench.service.get({ tenant, id: bad }),
      ).resolves.toMatchObject({
        phase: 'rolledBack',
        reason: expect.stringMatching(
          /Argo CD could not sync .*\. The pipeline brings 1\.0\.0 back$/,
        ),
        supersededBy: rollback.id,
      });
      expect(rollback).toMatchObject({ kind: 'rollback', phase: 'running' });
      await expect(syncs()).resolves.toMatchObject({
        id: rollback.id,
        phase: 'succeeded',
      });
      expect(onMain()).toContain(digestOf('a'));
      expect(commitsOf(rollback.id)).toHaveLength(1);
      expect(repository.pullRequests).toHaveLength(3);
      expect(argo.posts).toHaveLength(3);
    });
  });
});
