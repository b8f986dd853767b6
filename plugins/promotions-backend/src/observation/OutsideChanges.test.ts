import { mockServices } from '@backstage/backend-test-utils';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { recordedActs } from '@portico/plugin-audit-node/testUtils';
import { type Promotion } from '@portico/plugin-promotions-common';
import { tenancyMigrations } from '@portico/plugin-tenancy-backend';
import {
  addPromotion,
  digestOf,
  stageOf,
} from '../effects/__testUtils__/samplePromotion';
import { TestForge } from '../effects/__testUtils__/TestForge';
import { EFFECT_TRAILER } from '../effects/commitMessage';
import { DeploymentRepositories } from '../effects/DeploymentRepositories';
import { EffectStore } from '../effects/EffectStore';
import { promotionsMigrations } from '../migrations';
import { openStores, type Stores } from '../store/openStores';
import { OutsideChanges } from './OutsideChanges';

jest.setTimeout(60_000);

const tenant = 'aurora';
const environment = 'prod';
const names = ['ash', 'birch', 'cedar', 'elm', 'fir', 'hazel', 'iris', 'juni'];

describe('OutsideChanges', () => {
  let testDatabase: TestDatabase;
  let component: string;
  let path: string;
  let forge: TestForge;
  let now: Date;

  beforeAll(async () => {
    testDatabase = await TestDatabase.create({
      migrations: [tenancyMigrations, auditMigrations, promotionsMigrations],
      pluginIds: [],
    });
    await testDatabase.database.asPlatform('tenants for a test', transaction =>
      transaction.raw(
        `insert into portico_tenancy.tenants (tenant, title) values ('aurora', 'Aurora')`,
      ),
    );
  });
  // Each test has a component of its own.
  beforeEach(() => {
    const name = names.shift();
    if (name === undefined) {
      throw new Error('There are more tests than names; add one');
    }
    component = `component:aurora/${name}`;
    path = `${name}/overlays/prod/kustomization.yaml`;
    now = new Date('2026-11-21T12:00:00Z');
    forge = new TestForge({ 'README.md': 'Deployments\n' });
  });
  afterAll(async () => {
    await testDatabase?.destroy();
  });

  const imageOf = (letter: string, more = '') => ({
    [path]: `images:\n  - name: app\n    digest: ${digestOf(letter)}\n${more}`,
  });
  const stage = (driver: 'git' | 'argocd' = 'git') =>
    stageOf(environment, { driver, repository: { host: 'forge', name: 'x' } });
  const look = async (options: { driver?: 'git' | 'argocd' } = {}) => {
    now = new Date(now.getTime() + 60_000);
    const found = stage(options.driver);
    await new OutsideChanges({
      database: testDatabase.database,
      repositories: new DeploymentRepositories({ hosts: [forge.host] }),
      logger: mockServices.logger.mock(),
      now: () => now,
    }).look(
      {
        tenant,
        component,
        environment,
        delivery: found.environment.delivery,
      },
      found,
      new AbortController().signal,
    );
  };
  const inTenant = <T>(fn: (stores: Stores) => Promise<T>) =>
    testDatabase.database.inTenant(tenant, transaction =>
      fn(openStores(transaction, tenant)),
    );
  /** Newest first. */
  const deployed = () =>
    inTenant(({ deployments }) => deployments.of({ component }));
  const releaseWith = (letter: string) =>
    inTenant(({ releases }) =>
      releases.newestWith(component, [digestOf(letter)]),
    );
  const announced = (phase: string, letter = 'a'): Promise<Promotion> =>
    addPromotion(testDatabase.database, {
      stage: stage(),
      environment,
      content: {
        component,
        images: [{ name: 'app', digest: digestOf(letter) }],
      },
    }).then(async promotion => {
      await inTenant(async ({ transaction }) => {
        await transaction.raw(
          `update portico_promotions.promotions
              set phase = ?, ended_at = ? where id = ?`,
          [phase, phase === 'running' ? null : now, promotion.id],
        );
        await new EffectStore(transaction, tenant).plan(
          promotion.id,
          [{ key: `key of ${component}`, step: 'branch', kind: 'gitCommit' }],
          now,
        );
      });
      return promotion;
    });

  it('finds a release with the commit and whom it names, and nothing moves by itself', async () => {
    forge.push('main', imageOf('9'));
    const commit = forge.push('main', imageOf('a'));
    await look();
    const release = await releaseWith('a');
    expect(release).toMatchObject({
      content: {
        version: `commit-${commit.slice(0, 12)}`,
        images: [{ name: 'app', digest: digestOf('a') }],
      },
      announcedBy: 'plugin:promotions',
      found: 'deploymentRepository',
      foundIn: {
        commit,
        author: 'Kim',
        url: `https://forge.example/aurora/deployments/commit/${commit}`,
      },
    });
    // without a source: who wrote it is not known, so nobody is let through as not its author
    expect(release?.content.source).toBeUndefined();
    // of what was there before the first look only what is true now counts
    expect(await releaseWith('9')).toBeUndefined();
    expect(await deployed()).toMatchObject([
      {
        release: release?.id,
        revision: commit,
        kind: 'observed',
        source: 'observed',
        tier: 'test',
        initiatedBy: `Kim (commit ${commit.slice(0, 12)})`,
      },
    ]);
    expect(
      await inTenant(async ({ transaction }) => {
        const { rows } = await transaction.raw(
          'select 1 from portico_promotions.promotions where component = ?',
          [component],
        );
        return rows.length;
      }),
    ).toBe(0);
    const acts = await recordedActs(
      testDatabase.database,
      'promotions.release.announce',
    );
    expect(
      acts.filter(({ subject }) => subject.ref === release?.id),
    ).toMatchObject([
      {
        actor: { kind: 'plugin', ref: 'plugin:promotions' },
        details: { found: 'deploymentRepository', commit },
      },
    ]);
  });

  it('records each change between two looks once, in order, and knows what it found', async () => {
    // there is no file at first
    await look();
    forge.push('main', imageOf('a'));
    forge.push('main', imageOf('b'));
    forge.push('main', imageOf('b', 'replicas: []\n'));
    forge.push('main', { [path]: 'images: [' });
    forge.push('main', imageOf('c'));
    forge.push('main', { 'other/file.yaml': 'a: 1\n' });
    forge.push('main', imageOf('b'));
    await Promise.all([look(), look()]);
    await look();
    const found = await Promise.all(['b', 'c', 'b', 'a'].map(releaseWith));
    expect((await deployed()).map(({ release }) => release)).toEqual(
      found.map(release => release?.id),
    );
    expect(new Set(found.map(release => release?.id)).size).toBe(3);
  });

  it('goes on where it was broken off, and does nothing twice', async () => {
    forge.push('main', imageOf('a'));
    await look();
    for (const letter of ['b', 'c', 'd']) {
      forge.push('main', imageOf(letter));
    }
    const { readFile } = forge;
    let left = 1;
    forge.readFile = async options => {
      left -= 1;
      if (left < 0) {
        throw new Error('killed');
      }
      return readFile.call(forge, options);
    };
    await expect(look()).rejects.toThrow('killed');
    expect(await deployed()).toHaveLength(2);
    left = 1;
    await expect(look()).rejects.toThrow('killed');
    left = 10;
    await look();
    await look();
    const found = await Promise.all(['d', 'c', 'b', 'a'].map(releaseWith));
    expect((await deployed()).map(({ release }) => release)).toEqual(
      found.map(release => release?.id),
    );
  });

  it('knows what promotions wrote, and is not led on by a copied trailer', async () => {
    const ours = { [EFFECT_TRAILER]: `key of ${component}` };
    const { id } = await announced('running');
    forge.push('main', imageOf('a'), ours);
    await look();
    // while it acts, nobody can tell; later that look is made up for
    await inTenant(({ transaction }) =>
      transaction.raw(
        `update portico_promotions.promotions
            set phase = 'succeeded', ended_at = ? where id = ?`,
        [now, id],
      ),
    );
    await look();
    expect(await deployed()).toEqual([]);
    const copied = forge.push('main', imageOf('b'), ours);
    await look();
    expect(await deployed()).toMatchObject([{ revision: copied }]);
  });

  it('records what somebody merged by hand after the promotion had ended', async () => {
    const { release } = await announced('cancelled');
    forge.push('main', imageOf('9'));
    await look();
    const merged = forge.push('main', imageOf('a'), {
      [EFFECT_TRAILER]: `key of ${component}`,
    });
    await look();
    const [last] = await deployed();
    expect(last).toMatchObject({
      revision: merged,
      release: release.id,
      version: '1.4.2',
      kind: 'observed',
    });
  });

  it('makes no new release of images that were rejected', async () => {
    forge.push('main', imageOf('a'));
    await look();
    const bad = await releaseWith('a');
    await inTenant(({ releases }) =>
      releases.reject(bad?.id ?? '', {
        by: 'user:aurora/kim',
        at: now,
        reason: 'It loses orders',
      }),
    );
    forge.push('main', imageOf('b'));
    forge.push('main', imageOf('a', '# again\n'));
    await look();
    const [last] = await deployed();
    expect(last.release).toBe(bad?.id);
    expect(await releaseWith('a')).toMatchObject({
      id: bad?.id,
      rejected: { reason: 'It loses orders' },
    });
  });

  it('leaves it to those who can tell what runs, and finds the release all the same', async () => {
    forge.push('main', imageOf('a'));
    await look({ driver: 'argocd' });
    expect(await deployed()).toEqual([]);
    expect(await releaseWith('a')).toMatchObject({
      found: 'deploymentRepository',
    });
  });

  it('takes what is true now where the history was written anew, and reads nothing while nothing moves', async () => {
    forge.push('main', imageOf('a'));
    await look();
    forge = new TestForge({ 'README.md': 'Anew\n' });
    forge.push('main', imageOf('b'));
    forge.push('main', imageOf('c'));
    await look();
    expect(await releaseWith('b')).toBeUndefined();
    const [last] = await deployed();
    expect(last.release).toBe((await releaseWith('c'))?.id);
    const asked = jest.spyOn(forge, 'changes');
    await look();
    expect(asked).not.toHaveBeenCalled();
  });
});
