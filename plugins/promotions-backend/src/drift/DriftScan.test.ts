import { mockServices } from '@backstage/backend-test-utils';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { TestGitHost } from '@portico/plugin-git-host-backend/testUtils';
import {
  type Observation,
  type Promotion,
} from '@portico/plugin-promotions-common';
import { tenancyMigrations } from '@portico/plugin-tenancy-backend';
import {
  addPromotion,
  digestOf,
  overlayOf,
  stageOf,
} from '../effects/__testUtils__/samplePromotion';
import { createDelivery } from '../effects/createDelivery';
import { type PipelineResolver } from '../engine/EngineParts';
import { OutsideChanges } from '../observation/OutsideChanges';
import { promotionsMigrations } from '../migrations';
import { DriftQueries } from '../queries/DriftQueries';
import { openStores } from '../store/openStores';
import { DriftScan } from './DriftScan';

jest.setTimeout(60_000);

const deployments = { tenant: 'aurora', repository: 'deployments' };
const path = 'checkout/overlays/staging/kustomization.yaml';
const component = 'component:aurora/checkout';

describe('DriftScan', () => {
  let testDatabase: TestDatabase;
  let git: TestGitHost;
  let promotion: Promotion;
  let now = new Date('2026-11-21T12:00:00Z');
  let observation: Observation;
  let overlay: (image: string) => string;

  beforeAll(async () => {
    testDatabase = await TestDatabase.create({
      migrations: [tenancyMigrations, auditMigrations, promotionsMigrations],
      pluginIds: [],
    });
    await testDatabase.database.asPlatform('tenants for a test', transaction =>
      transaction.raw(
        `insert into portico_tenancy.tenants (tenant, title) values ('aurora', 'Aurora'), ('borealis', 'Borealis')`,
      ),
    );
    git = await TestGitHost.create({ database: testDatabase.database });
    const clone = `${git.service.baseUrl}/aurora/checkout.git`;
    overlay = image =>
      `${overlayOf(clone, '0'.repeat(40)).replace(
        /^images:[^\n]*\n(?: +[^\n]*\n)*/m,
        '',
      )}images:\n  - name: checkout\n    digest: ${image}\n`;
    promotion = await addPromotion(testDatabase.database, {
      stage: stageOf('staging', { driver: 'local' }),
      environment: 'staging',
      content: {},
    });
  });
  afterAll(async () => {
    await git?.destroy();
    await testDatabase?.destroy();
  });

  const see = (running: string, more: Partial<Observation> = {}) => {
    observation = {
      health: 'healthy',
      reason: 'It answers',
      running: [{ name: 'checkout', digest: running }],
      source: 'local runtime',
      observedAt: now.toISOString(),
      ...more,
    };
  };
  const staging: PipelineResolver = {
    resolve: async () => ({
      pipelineRefs: ['pipeline:default/default'],
      stages: [
        {
          ...stageOf('staging', { driver: 'local' }),
          name: 'staging',
          expiresAfter: 'P7D',
          rollbackGates: [],
        },
      ],
    }),
  };
  const open = (resolver = staging) => {
    const delivery = createDelivery({
      database: testDatabase.database,
      gitHost: git.service,
      hosts: [],
      drivers: [
        { kind: 'local', steps: () => [], observe: async () => observation },
      ],
      now: () => now,
    });
    return new DriftScan({
      database: testDatabase.database,
      resolver,
      drivers: delivery.drivers,
      repositories: delivery.repositories,
      changes: new OutsideChanges({
        database: testDatabase.database,
        repositories: delivery.repositories,
        logger: mockServices.logger.mock(),
        now: () => now,
      }),
      logger: mockServices.logger.mock(),
      now: () => now,
    });
  };
  const list = (state: 'open' | 'resolved', tenant = 'aurora') =>
    new DriftQueries({ database: testDatabase.database, now: () => now }).list({
      tenant,
      state,
      limit: 10,
    });
  const recorded = () =>
    testDatabase.database.inTenant('aurora', transaction =>
      openStores(transaction, 'aurora').deployments.of({ component }),
    );

  const noticed = async () => {
    const { rows } = await testDatabase.database.inTenant(
      'aurora',
      transaction =>
        transaction.raw(
          `select made_at, due_at from portico_promotions.notices
            where kind = 'drift' and component = ? and environment = 'staging'
            order by made_at`,
          [component],
        ),
    );
    return rows;
  };

  it('notes drift once, sees it again, resolves it, and records what was deployed outside', async () => {
    const image = promotion.release.content.images[0].digest;
    const other = digestOf('b');
    await git.createRepository(deployments, { [path]: overlay(image) });

    // A promotion that acts is no drift.
    see(other);
    const phase = (to: string, ended: Date | null) =>
      testDatabase.database.inTenant('aurora', transaction =>
        transaction.raw(
          'update portico_promotions.promotions set phase = ?, ended_at = ? where id = ?',
          [to, ended, promotion.id],
        ),
      );
    await phase('running', null);
    await open().scan();
    expect((await list('open')).items).toEqual([]);
    await phase('failed', now);

    const started = now;
    await Promise.all([open().scan(), open().scan()]);
    now = new Date(now.getTime() + 60_000);
    await open().scan();
    const { items } = await list('open');
    expect(items).toMatchObject([
      {
        class: 'liveDrift',
        component,
        environment: 'staging',
        path: 'images',
        declared: image,
        live: other,
        firstSeenAt: started.toISOString(),
        lastSeenAt: now.toISOString(),
        source: 'local runtime',
      },
    ]);
    expect((await list('open', 'borealis')).items).toEqual([]);
    // people are told once, of what is still there then
    expect(await noticed()).toEqual([
      { made_at: started, due_at: new Date(started.getTime() + 5 * 60_000) },
    ]);

    // Nobody can tell: that is no agreement.
    see(image, { health: 'unknown', running: [] });
    await open().scan();
    expect((await list('open')).items).toMatchObject([{ class: 'unknown' }]);
    // and nothing that its owners could mend
    expect(await noticed()).toHaveLength(1);
    expect(await recorded()).toEqual([]);

    // What is declared runs, and no promotion brought it.
    see(image);
    await Promise.all([open().scan(), open().scan()]);
    await open().scan();
    expect((await list('open')).items).toEqual([]);
    expect((await list('resolved')).items).toHaveLength(2);
    expect(await recorded()).toMatchObject([
      {
        kind: 'observed',
        source: 'observed',
        release: promotion.release.id,
        environment: 'staging',
        initiatedBy: expect.stringMatching(/^.+ \(commit [0-9a-f]{12}\)$/),
      },
    ]);
  });

  describe('with several replicas', () => {
    const looked: string[] = [];
    let onLook: (component: string) => Promise<void> = async () => {};
    const replica = () =>
      open({
        resolve: async ({ component: one }) => {
          looked.push(one);
          await onLook(one);
          return { pipelineRefs: [], stages: [] };
        },
      });
    const other = 'component:aurora/warehouse';
    const asPlatform = (sql: string) =>
      testDatabase.database.asPlatform(
        'let time pass for a test',
        transaction => transaction.raw(sql),
      );
    const isDue = () =>
      asPlatform('update portico_promotions.drift_scan set due_at = now()');

    beforeAll(() =>
      testDatabase.database.inTenant('aurora', transaction =>
        transaction.raw(
          `insert into portico_promotions.releases
             (tenant, id, component, content, announced_by, announced_at, found)
           values ('aurora', ?, ?, '{}', 'user:aurora/bot-ci', now(), 'announced')`,
          [digestOf('e'), other],
        ),
      ),
    );
    beforeEach(async () => {
      looked.length = 0;
      onLook = async () => {};
      await isDue();
    });

    it('is one scan, whoever asks, until it is due again', async () => {
      let go = () => {};
      const second = replica();
      const asked = new Promise<void>(resolve => {
        onLook = async () => {
          onLook = async () => {};
          expect(await second.takeTurn()).toBe(false);
          resolve();
          await new Promise<void>(then => {
            go = then;
          });
        };
      });
      const first = replica().takeTurn();
      await asked;
      go();
      expect(await first).toBe(true);
      expect(looked).toEqual([component, other]);
      expect(await second.takeTurn()).toBe(false);
      await isDue();
      expect(await second.takeTurn()).toBe(true);
      expect(looked).toEqual([component, other, component, other]);
    });

    it('goes on where a killed replica stopped, and the dead one keeps out', async () => {
      let go = () => {};
      const killed = replica();
      const reached = new Promise<void>(resolve => {
        onLook = async one => {
          if (one === other) {
            resolve();
            await new Promise<void>(then => {
              go = then;
            });
          }
        };
      });
      const dead = killed.takeTurn();
      await reached;
      onLook = async () => {};
      expect(await replica().takeTurn()).toBe(false);
      await asPlatform(
        `update portico_promotions.drift_scan set leased_until = now() - interval '1 s'`,
      );
      expect(await replica().takeTurn()).toBe(true);
      expect(looked).toEqual([component, other, other]);
      go();
      expect(await dead).toBe(false);
      // its late word changed nothing: the next turn begins at the beginning
      await isDue();
      expect(await replica().takeTurn()).toBe(true);
      expect(looked.slice(3)).toEqual([component, other]);
    });
  });
});
