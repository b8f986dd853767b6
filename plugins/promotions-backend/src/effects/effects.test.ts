import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { payloadDigest } from '@portico/plugin-audit-node';
import { TestGitHost } from '@portico/plugin-git-host-backend/testUtils';
import {
  type Promotion,
  type ReleaseContent,
} from '@portico/plugin-promotions-common';
import {
  type DeliveryDriver,
  type EffectOutcome,
} from '@portico/plugin-promotions-node';
import { tenancyMigrations } from '@portico/plugin-tenancy-backend';
import { type Proposal } from '../engine/EngineParts';
import { GateRound } from '../engine/GateRound';
import { promotionsMigrations } from '../migrations';
import { openStores } from '../store/openStores';
import {
  addPromotion,
  digestOf,
  overlayOf,
  stageOf,
} from './__testUtils__/samplePromotion';
import { TestForge } from './__testUtils__/TestForge';
import { createDelivery } from './createDelivery';
import { deliveryTarget } from './deliveryTarget';
import { EffectStore } from './EffectStore';

jest.setTimeout(60_000);

const deployments = { tenant: 'aurora', repository: 'deployments' };
const path = 'checkout/overlays/staging/kustomization.yaml';
const start = new Date('2026-11-21T12:00:00Z');

describe('effects', () => {
  let testDatabase: TestDatabase;
  let git: TestGitHost;
  let now: Date;
  let source: NonNullable<ReleaseContent['source']>;
  let clone: string;

  beforeAll(async () => {
    testDatabase = await TestDatabase.create({
      migrations: [tenancyMigrations, auditMigrations, promotionsMigrations],
      pluginIds: [],
    });
    await testDatabase.database.asPlatform('a tenant for a test', transaction =>
      transaction.raw(
        `insert into portico_tenancy.tenants (tenant, title) values ('aurora', 'Aurora')`,
      ),
    );
    git = await TestGitHost.create({ database: testDatabase.database });
    const commit = await git.createRepository(
      { tenant: 'aurora', repository: 'checkout' },
      { 'portico.yaml': 'spec:\n  replicas: { staging: 3 }\n' },
    );
    clone = `${git.service.baseUrl}/aurora/checkout.git`;
    source = { repository: clone, commit };
  });
  beforeEach(async () => {
    now = start;
    await git.createRepository(deployments, {
      [path]: overlayOf(clone, '0'.repeat(40)),
      'other/overlays/dev/kustomization.yaml': 'resources: []\n',
    });
  });
  afterEach(async () => {
    await git.service.delete({
      ...deployments,
      by: { actor: { kind: 'plugin', ref: 'plugin:test' } },
    });
  });
  afterAll(async () => {
    await git?.destroy();
    await testDatabase?.destroy();
  });

  const log = () =>
    git.service.log({ ...deployments, ref: 'main', limit: 100 });

  /** A promotion of checkout to staging, what it shows, and how it is carried out. */
  async function prepare(
    options: {
      forge?: TestForge;
      delivery?: Partial<Parameters<typeof stageOf>[1]>;
      steps?: DeliveryDriver['steps'];
      onPoint?: (label: string) => Promise<void>;
      content?: Partial<ReleaseContent>;
    } = {},
  ) {
    const { forge } = options;
    const stage = stageOf('staging', {
      driver: options.steps ? 'local' : 'git',
      ...(forge && {
        repository: { host: 'forge' },
        write: 'pullRequest' as const,
      }),
      ...options.delivery,
    });
    const promotion = await addPromotion(testDatabase.database, {
      stage,
      environment: 'staging',
      content: { source, ...options.content },
    });
    const open = () =>
      createDelivery({
        database: testDatabase.database,
        gitHost: git.service,
        hosts: forge ? [forge.host] : [],
        drivers: options.steps
          ? [
              {
                kind: 'local',
                steps: options.steps,
                observe: async () => {
                  throw new Error('nobody answers');
                },
              },
            ]
          : [],
        now: () => now,
        urlOf: id => `http://portal.example/delivery/${id}`,
        onPoint: options.onPoint,
      });
    const delivery = open();
    const target = deliveryTarget('aurora', promotion, stage);
    const propose = () =>
      delivery.proposer.propose({
        target,
        stage,
        release: promotion.release,
        kind: promotion.kind,
      });
    const run = (
      { subject }: Proposal,
      beforeMerge: () => Promise<boolean> = async () => true,
    ) =>
      // Each time as in another process.
      open().runner.run({
        tenant: 'aurora',
        promotion,
        stage,
        subject,
        approvedBy: ['user:aurora/robin'],
        now,
        beforeMerge,
        signal: new AbortController().signal,
      });
    return { promotion, stage, target, ...delivery, propose, run };
  }

  const effectsOf = ({ id }: Promotion) =>
    testDatabase.database.inTenant('aurora', transaction =>
      new EffectStore(transaction, 'aurora').of(id),
    );

  describe('on the embedded Git host', () => {
    it('shows what it would write, and writes just that, with who and why', async () => {
      const { promotion, propose, run } = await prepare();
      const proposal = await propose();
      const [first] = await log();
      expect(proposal).toMatchObject({
        base: { branch: 'main', commit: first.id },
        subject: { base: first.id, files: [{ path }], kind: 'promote' },
        before: [{ path, content: overlayOf(clone, '0'.repeat(40)) }],
      });
      expect(await log()).toHaveLength(1);

      const outcome = await run(proposal);
      const [commit, ...others] = await log();
      expect(outcome).toEqual({ state: 'done', revision: commit.id });
      expect(others).toHaveLength(1);
      expect(commit).toMatchObject({
        subject: 'Run checkout 1.4.2 in staging',
        trailers: {
          'Portico-Promotion': promotion.id,
          'Portico-Release': promotion.release.id,
          'Portico-Component': 'checkout',
          'Portico-Environment': 'staging',
          'Portico-Source-Commit': source.commit,
          'Portico-Approved-By': 'user:aurora/robin',
        },
      });
      const written = await git.service.readFile({
        ...deployments,
        ref: 'main',
        path,
      });
      expect(written.toString()).toBe(
        overlayOf(clone, source.commit)
          .replace(
            'images: []',
            `images:\n  - name: checkout\n    digest: ${digestOf('a')}`,
          )
          .replace('count: 0', 'count: 3'),
      );
      expect(await effectsOf(promotion)).toMatchObject([
        {
          step: 'commit',
          kind: 'gitCommit',
          state: 'confirmed',
          attempts: 1,
          remote: { id: commit.id, adopted: false },
          key: commit.trailers['Portico-Effect'],
        },
      ]);
      expect(await run(proposal)).toEqual(outcome);
      expect(await log()).toHaveLength(2);
    });

    it('goes on top of what others push elsewhere, and asks anew when its own folder changed', async () => {
      const { promotion, propose, run } = await prepare();
      const proposal = await propose();
      await git.push(deployments, { 'other/README.md': 'x' });
      expect((await propose()).digest).toBe(proposal.digest);
      await git.push(deployments, {
        'checkout/overlays/staging/patch.yaml': 'a: 1',
      });
      const outcome = await run(proposal);
      expect(outcome).toMatchObject({
        state: 'stale',
        reason: expect.stringContaining(
          'checkout/overlays/staging of deployments changed after this was approved',
        ),
      });
      expect(await log()).toHaveLength(3);
      expect(await effectsOf(promotion)).toMatchObject([{ state: 'planned' }]);

      const again = await propose();
      expect(again.digest).not.toBe(proposal.digest);
      expect(await run(again)).toMatchObject({ state: 'done' });
    });

    it('decides anew when somebody pushes between the look and the commit', async () => {
      let pushes = 0;
      const { propose, run } = await prepare({
        onPoint: async label => {
          if (label === 'commit:looked' && pushes < 2) {
            pushes += 1;
            await git.push(deployments, { 'NOTES.md': `note ${pushes}` });
          }
        },
      });
      expect(await run(await propose())).toMatchObject({ state: 'done' });
      expect((await log()).map(({ subject }) => subject)).toEqual([
        'Run checkout 1.4.2 in staging',
        'Change NOTES.md',
        'Change NOTES.md',
        expect.stringContaining('Change checkout'),
      ]);
    });

    it('adopts its commit when it was ended right after it, and when two run at once', async () => {
      let isBroken = true;
      const { promotion, propose, run } = await prepare({
        onPoint: async label => {
          if (label === 'commit:acted' && isBroken) {
            throw new Error('The process ended');
          }
        },
      });
      const proposal = await propose();
      expect(await run(proposal)).toMatchObject({
        state: 'waiting',
        reason: expect.stringContaining('is tried again'),
        askAgainAt: new Date(start.getTime() + 1_000),
      });
      isBroken = false;
      const [commit] = await log();
      // Whatever came on top in the meantime.
      await git.push(deployments, { [path]: overlayOf(clone, '1'.repeat(40)) });
      expect(await Promise.all([run(proposal), run(proposal)])).toEqual([
        { state: 'done', revision: commit.id },
        { state: 'done', revision: commit.id },
      ]);
      expect(await effectsOf(promotion)).toMatchObject([
        { state: 'confirmed', remote: { adopted: true } },
      ]);

      const second = await prepare({
        content: { version: '1.5.0' },
      });
      const shown = await second.propose();
      await Promise.all([1, 2, 3].map(() => second.run(shown)));
      expect(await log()).toHaveLength(4);
    });

    it('does not take a commit with its marker that says something else', async () => {
      let isBroken = true;
      const { promotion, propose, run } = await prepare({
        onPoint: async label => {
          if (label === 'commit:looked' && isBroken) {
            throw new Error('The process ended');
          }
        },
      });
      const proposal = await propose();
      await run(proposal);
      isBroken = false;
      const [{ key }] = await effectsOf(promotion);
      await git.push(
        deployments,
        { [path]: overlayOf(clone, '2'.repeat(40)) },
        { trailers: { 'Portico-Effect': key } },
      );
      expect(await run(proposal)).toMatchObject({
        state: 'failed',
        reason: expect.stringContaining('is not what was approved'),
      });
      expect(await log()).toHaveLength(2);
    });

    it('needs no commit where it says so already', async () => {
      const first = await prepare();
      await first.run(await first.propose());
      const again = await prepare();
      const [head] = await log();
      expect(await again.run(await again.propose())).toEqual({
        state: 'done',
        revision: head.id,
      });
      expect(await log()).toHaveLength(2);
      expect(await effectsOf(again.promotion)).toMatchObject([
        { remote: { adopted: true } },
      ]);
    });

    it.each<[string, Parameters<typeof prepare>[0], string]>([
      [
        'a pull request',
        { delivery: { write: 'pullRequest' } },
        "The host 'portico' has no pull requests",
      ],
      [
        'an unknown host',
        { delivery: { repository: { host: 'gitea' } } },
        "knows no host 'gitea'",
      ],
      [
        'an unknown driver',
        { delivery: { driver: 'argocd' } },
        "no driver 'argocd'",
      ],
      [
        'a repository of another tenant',
        { delivery: { repository: { name: '../borealis/deployments' } } },
        "'aurora' has no repository",
      ],
      [
        'a branch that is not there',
        { delivery: { repository: { branch: 'production' } } },
        'There is no commit yet on production',
      ],
      [
        'a path out of the repository',
        { delivery: { file: { format: 'kustomize', path: '../{component}' } } },
        'name a file inside of the repository',
      ],
      [
        'a file that is not there',
        {
          delivery: {
            file: { format: 'kustomize', path: '{environment}/none.yaml' },
          },
        },
        'There is no staging/none.yaml',
      ],
      [
        'an image without a place',
        {
          delivery: {
            file: {
              format: 'yaml',
              path,
              fields: [{ image: 'x', path: 'a', value: 'digest' }],
            },
          },
        },
        'does not say where in',
      ],
      ['a release without images', { content: { images: [] } }, 'no image'],
    ])('refuses %s before anybody is asked', async (_, options, why) => {
      const { propose } = await prepare(options);
      await expect(propose()).rejects.toThrow(why);
    });
  });

  describe('and what is rendered', () => {
    const base = 'checkout/base/deployment.yaml';
    const rendered = {
      [path]: 'resources: [../../base]\nimages: []\n',
      'checkout/base/kustomization.yaml': 'resources: [deployment.yaml]\n',
      [base]: 'kind: Deployment\n',
    };

    it('writes nothing when a file changed that it is rendered from, wherever it lies', async () => {
      await git.push(deployments, rendered);
      const { propose, run } = await prepare();
      const proposal = await propose();
      await git.push(deployments, { [base]: 'kind: Deployment \n' });
      expect(await run(proposal)).toMatchObject({
        state: 'stale',
        reason:
          'A file of deployments that checkout/overlays/staging is rendered from changed after this was approved',
      });
      expect(await run(await propose())).toMatchObject({ state: 'done' });
    });

    it('merges nothing then either', async () => {
      const forge = new TestForge(rendered);
      const { propose, run } = await prepare({ forge });
      const proposal = await propose();
      expect(await run(proposal, async () => false)).toMatchObject({
        state: 'waiting',
      });
      forge.push('main', { [base]: 'kind: Deployment \n' });
      expect(await run(proposal)).toMatchObject({
        state: 'failed',
        reason: expect.stringContaining('is rendered from changed after'),
      });
      expect(forge.opened).toMatchObject([{ state: 'open' }]);
    });

    it('keeps for promotions from before what their votes were given to', async () => {
      await git.push(deployments, rendered);
      const { promotion, proposer, propose, run } = await prepare();
      const proposal = await propose();
      const { shape, manifests, manifestFiles, ...old } = proposal.subject;
      expect([shape, manifests, manifestFiles?.length]).toEqual([
        2,
        expect.stringMatching(/^sha256:/),
        3,
      ]);
      const round = new GateRound({
        database: testDatabase.database,
        proposer,
        asker: { ask: async () => [] },
      });
      const digest = payloadDigest(old);
      const ask = async () => {
        const stored = await testDatabase.database.inTenant(
          'aurora',
          transaction =>
            openStores(transaction, 'aurora').promotions.get(promotion.id),
        );
        return stored && round.ask('aurora', stored, 'asked', now);
      };
      expect((await ask())?.digest).toBe(proposal.digest);
      await testDatabase.database.inTenant('aurora', async transaction => {
        const { history, promotions } = openStores(transaction, 'aurora');
        await history.addSubject(promotion.id, {
          digest,
          content: old,
          madeAt: now,
        });
        await promotions.setSubject(promotion.id, digest);
      });
      expect(await ask()).toMatchObject({ digest, subject: old });
      expect(await run({ ...proposal, subject: old })).toMatchObject({
        state: 'done',
      });
    });
  });

  describe('of a driver', () => {
    const step = (perform: () => Promise<EffectOutcome>) => () =>
      [{ step: 'start', kind: 'rollout' as const, target: 'x', perform }];

    it('come after the commit, wait, and fail when it takes too long', async () => {
      const outcomes: EffectOutcome[] = [
        { state: 'waiting', reason: 'It starts' },
        {
          state: 'waiting',
          reason: 'It starts',
          askAgainAt: new Date('2026-11-21T12:00:07Z'),
        },
      ];
      const { promotion, propose, run } = await prepare({
        steps: step(
          async () =>
            outcomes.shift() ?? { state: 'waiting', reason: 'Still not' },
        ),
      });
      const proposal = await propose();
      expect(await run(proposal)).toEqual({
        state: 'waiting',
        reason: 'It starts',
        askAgainAt: new Date('2026-11-21T12:00:01Z'),
      });
      expect(await run(proposal)).toMatchObject({
        askAgainAt: new Date('2026-11-21T12:00:07Z'),
      });
      now = new Date('2026-11-21T12:16:00Z');
      expect(await run(proposal)).toEqual({
        state: 'failed',
        reason:
          'component:aurora/checkout did not get there in time (PT15M): Still not',
      });
      expect(await effectsOf(promotion)).toMatchObject([
        { step: 'commit', state: 'confirmed' },
        { step: 'start', state: 'failed', attempts: 3 },
      ]);
      expect(await log()).toHaveLength(2);
    });

    it('are given up when nobody can tell for too long', async () => {
      const { propose, run } = await prepare({
        steps: step(async () => {
          throw new Error('HTTP 500');
        }),
      });
      const proposal = await propose();
      expect(await run(proposal)).toMatchObject({
        state: 'waiting',
        reason: "The step 'start' is tried again: HTTP 500",
      });
      now = new Date('2026-11-21T12:16:00Z');
      expect(await run(proposal)).toMatchObject({
        state: 'gaveUp',
        reason: expect.stringContaining('HTTP 500'),
      });
    });

    it('observe without throwing', async () => {
      const { runner, target } = await prepare({ steps: () => [] });
      expect(await runner.observe(target)).toEqual({
        health: 'unknown',
        reason: 'The driver local could not tell: nobody answers',
        running: [],
        source: 'local',
        observedAt: start.toISOString(),
      });
      const plain = await prepare();
      expect(await plain.runner.observe(plain.target)).toBeUndefined();
    });
  });

  describe('with pull requests', () => {
    let forge: TestForge;
    const merges = () =>
      [...forge.commits.values()].filter(({ message }) =>
        message.startsWith('Merge'),
      );

    beforeEach(() => {
      forge = new TestForge({ [path]: overlayOf(clone, '0'.repeat(40)) });
    });

    it('opens one, keeps it closed by its status, and merges when the gates pass', async () => {
      const { promotion, propose, run } = await prepare({ forge });
      const proposal = await propose();
      expect(await run(proposal, async () => false)).toMatchObject({
        state: 'waiting',
        reason: expect.stringContaining('a gate does not pass any more'),
      });
      expect(forge.opened).toMatchObject([
        {
          branch: `portico/promotion/staging/${promotion.id}`,
          base: 'main',
          state: 'open',
        },
      ]);
      expect(forge.statuses.at(-1)).toBe('portico/staging pending');

      forge.busyMerges = 1;
      expect(await run(proposal)).toMatchObject({
        state: 'waiting',
        reason: 'Please try again later',
      });
      const outcome = await run(proposal);
      expect(outcome).toEqual({
        state: 'done',
        revision: forge.branches.get('main'),
      });
      expect(forge.statuses.at(-1)).toBe('portico/staging success');
      expect(merges()).toHaveLength(1);
      expect((await effectsOf(promotion)).map(({ step }) => step)).toEqual([
        'branch',
        'pullRequest',
        'status',
        'merge',
      ]);
      expect(await run(proposal)).toEqual(outcome);
    });

    it.each(['commit', 'open', 'merge'])(
      'does each once when the connection breaks after %s',
      async name => {
        forge.breaksAfter.push(name);
        const { propose, run } = await prepare({ forge });
        const proposal = await propose();
        expect(await run(proposal)).toMatchObject({ state: 'waiting' });
        expect(await run(proposal)).toMatchObject({ state: 'done' });
        expect(forge.opened).toHaveLength(1);
        expect(merges()).toHaveLength(1);
        expect(forge.commits.size).toBe(3);
      },
    );

    it('takes one that was merged by hand', async () => {
      const { promotion, propose, run } = await prepare({ forge });
      const proposal = await propose();
      await run(proposal, async () => false);
      forge.mergeByHand('1');
      expect(await run(proposal)).toMatchObject({ state: 'done' });
      expect(merges()).toHaveLength(1);
      expect((await effectsOf(promotion)).at(-1)).toMatchObject({
        remote: { adopted: true },
      });
    });

    it.each<[string, (own: string) => void, string]>([
      [
        'was closed',
        () => {
          forge.opened[0].state = 'closed';
        },
        'was closed without a merge',
      ],
      [
        'was pushed to',
        own => forge.push(own, { evil: 'x' }),
        'somebody pushed to',
      ],
      [
        'has a base that changed',
        () => forge.push('main', { 'checkout/overlays/staging/x.yaml': 'x' }),
        'changed after this was approved',
      ],
    ])('fails when it %s, and says why', async (_, happen, why) => {
      const { promotion, propose, run } = await prepare({ forge });
      const proposal = await propose();
      await run(proposal, async () => false);
      happen(`portico/promotion/staging/${promotion.id}`);
      expect(await run(proposal)).toMatchObject({
        state: 'failed',
        reason: expect.stringContaining(why),
      });
      expect(merges()).toHaveLength(0);
      expect(forge.statuses).not.toContain('portico/staging success');
    });

    it('does not take a branch of somebody else', async () => {
      const { promotion, propose, run } = await prepare({ forge });
      const proposal = await propose();
      forge.push(`portico/promotion/staging/${promotion.id}`, { a: 'x' });
      expect(await run(proposal)).toMatchObject({
        state: 'failed',
        reason: expect.stringContaining('Portico did not make it'),
      });
    });
  });
});
