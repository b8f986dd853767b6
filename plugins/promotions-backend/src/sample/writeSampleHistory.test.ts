import {
  boardSchema,
  deliveryFiguresSchema,
  deliveryOfComponentSchema,
  deploymentListSchema,
  driftListSchema,
  promotionDetailSchema,
  promotionListSchema,
  releaseListSchema,
} from '@portico/plugin-promotions-common';
import { roles } from '@portico/database';
import knexFactory from 'knex';
import { Client } from 'pg';
import { dana, kim, robin, vera } from '../__testUtils__/DeliveryPortal';
import { checkout, DeliveryScene } from '../__testUtils__/DeliveryScene';
import { promotionsMigrations } from '../migrations';
import { DriftStore } from '../drift/DriftStore';
import { DiffQueries } from '../queries/DiffQueries';
import { readStandings } from '../queries/readStandings';
import { resolver } from '../testUtils/deliverySamples';
import { planSampleHistory } from './planSampleHistory';
import { type SampleComponent } from './SampleHistory';
import { writeSampleHistory } from './writeSampleHistory';

jest.setTimeout(120_000);

const until = new Date('2026-11-21T12:00:00Z');
const samples: SampleComponent[] = ['checkout', 'basket'].map(name => ({
  ref: `component:aurora/${name}`,
  developers: [dana],
  approvers: [robin],
}));
const [ofCheckout] = samples;
const planned = planSampleHistory(ofCheckout, until);
const prodOnly = planned.deployments.filter(
  ({ environment }) => environment === 'prod',
);

describe('sample history in a tenant', () => {
  let scene: DeliveryScene;

  const write = (more: { signal?: AbortSignal; at?: Date } = {}) =>
    writeSampleHistory({
      database: scene.portal.testDatabase.database,
      tenant: 'aurora',
      components: samples,
      until: more.at ?? until,
      ...more,
    });
  const rows = (statement: string) =>
    scene
      .inAurora(({ transaction }) => transaction.raw(statement))
      .then(result => result.rows);
  const counts = () =>
    rows(
      ['releases', 'promotions', 'transitions', 'votes', 'deployments', 'drift']
        .map(
          table =>
            `select '${table}' as name, count(*)::int from portico_promotions.${table}`,
        )
        .join(' union all '),
    );

  beforeAll(async () => {
    scene = await DeliveryScene.start();
  });
  afterAll(() => scene?.stop());

  it('goes on where it was cut off, and is written once', async () => {
    const cutOff = new AbortController();
    const begun = write({ signal: cutOff.signal });
    cutOff.abort();
    await expect(begun).rejects.toThrow(/abort/);
    await expect(write()).resolves.toMatchObject({ days: 60, components: 1 });
    const before = await counts();
    expect(before.every(({ count }: { count: number }) => count > 0)).toBe(
      true,
    );
    await expect(
      write({ at: new Date(until.getTime() + 86_400_000) }),
    ).resolves.toMatchObject({ components: 0, deployments: 0 });
    await expect(counts()).resolves.toEqual(before);
  });

  it('tells nobody, leaves nothing to do and no trace in the audit', async () => {
    const traces = await scene.portal.testDatabase.database.asPlatform(
      'look for traces',
      transaction =>
        transaction.raw(
          `select 'event' from portico_promotions.events
           union all select 'effect' from portico_promotions.effects
           union all select 'override' from portico_promotions.overrides
           union all select 'hold' from portico_promotions.holds`,
        ),
    );
    expect(traces.rows).toEqual([]);
    const admin = new Client({
      connectionString: scene.portal.testDatabase.adminConnectionString,
    });
    await admin.connect();
    try {
      const found = await admin.query(
        `select to_jsonb(o)::text as what from portico_audit.outbox o
          where to_jsonb(o)::text like '%promotions.%'
         union all select to_jsonb(j)::text from graphile_worker._private_jobs j`,
      );
      expect(found.rows).toEqual([]);
    } finally {
      await admin.end();
    }
    await expect(
      rows(
        `select 1 from portico_promotions.promotions where due_at is not null or ended_at is null`,
      ),
    ).resolves.toEqual([]);
    await expect(scene.inboxOf(robin)).resolves.toEqual([]);
  });

  it('is told in lists and on its page, each with its mark', async () => {
    const read = async (path: string) => (await scene.get(vera, path)).body;
    const of = `component=${checkout}&limit=100`;
    const releases = releaseListSchema.parse(await read(`/releases?${of}`));
    const list = promotionListSchema.parse(await read(`/promotions?${of}`));
    const deployed = deploymentListSchema.parse(
      await read(`/deployments?${of}&environment=prod`),
    );
    const drift = driftListSchema.parse(await read('/drift?state=resolved'));
    for (const { items } of [releases, list, deployed, drift]) {
      expect(items.length).toBeGreaterThan(0);
      expect(items.every(({ sample }) => sample)).toBe(true);
    }
    expect(deployed.items.map(({ id }) => id)).toEqual(
      prodOnly.map(({ id }) => id).reverse(),
    );
    expect(
      driftListSchema.parse(await read('/drift?state=open')).items,
    ).toEqual([]);
    const toProd = planned.promotions.find(
      ({ environment, phase }) =>
        environment === 'prod' && phase === 'succeeded',
    );
    const detail = promotionDetailSchema.parse(
      (await scene.get(dana, `/promotions/${toProd?.id}`)).body,
    );
    expect(detail).toMatchObject({
      promotion: { sample: true, phase: 'succeeded' },
      votes: [{ voter: robin, standing: 'counts' }],
      subject: { component: checkout },
    });
    expect(detail.gates.map(({ outcome }) => outcome)).toEqual([
      'passed',
      'passed',
      'passed',
    ]);
    expect(Object.values(detail.may).filter(({ allowed }) => allowed)).toEqual(
      [],
    );
  });

  it('counts in figures as long as it is wanted', async () => {
    const figures = async (query: string) =>
      deliveryFiguresSchema.parse(
        (await scene.get(vera, `/figures?days=60&scope=${checkout}${query}`))
          .body,
      );
    const all = await figures('');
    expect(all.sample).toBe(true);
    expect(all.deploymentFrequency.n).toBe(
      prodOnly.filter(
        ({ kind, result }) => kind !== 'rollback' && result === 'succeeded',
      ).length,
    );
    expect(all.leadTime.value).toBeGreaterThan(0);
    await expect(figures('&sample=without')).resolves.toMatchObject({
      sample: false,
      deploymentFrequency: { n: 0 },
    });
  });

  it('runs nowhere: what is real is looked at without it', async () => {
    const lanes = async () =>
      deliveryOfComponentSchema.parse(
        (await scene.get(vera, `/delivery?component=${checkout}`)).body,
      ).lanes;
    for (const lane of await lanes()) {
      expect(lane.deployment).toBeUndefined();
      expect(lane.behind).toBe(0);
    }
    const board = boardSchema.parse((await scene.get(vera, '/board')).body);
    expect(board.items).toEqual([]);
    const [last] = prodOnly.slice(-1);
    const target = { component: checkout, environment: 'prod' };
    await scene.inAurora(async ({ deployments, transaction }) => {
      await expect(deployments.of({ component: checkout })).resolves.toEqual(
        [],
      );
      await expect(deployments.current(target)).resolves.toBeUndefined();
      await expect(
        deployments.everRan(target, last.release ?? ''),
      ).resolves.toBe(false);
      const [{ content }] = planned.releases;
      await expect(
        new DriftStore(transaction, 'aurora').releaseWith(
          checkout,
          content.images[0].digest,
        ),
      ).resolves.toEqual({});
      const standings = await readStandings(transaction, {
        tenant: 'aurora',
        components: [checkout],
        environments: ['dev', 'staging', 'prod'],
      });
      // Where the history deployed, it is said that nothing else did.
      expect(standings.of(checkout, 'staging')).toEqual({
        behind: 0,
        drift: 0,
        sampleOnly: true,
      });
      expect(standings.of('component:aurora/other', 'staging')).toEqual({
        behind: 0,
        drift: 0,
      });
    });
    const real = await scene.waiting('9.0.0');
    const { promotion } = await scene.detailOf(real.id);
    expect(promotion.sample).toBe(false);
    expect(promotion.before).toBeUndefined();
    expect((await lanes()).map(({ behind }) => behind)).toEqual([1, 0]);
  });

  it('cannot be brought anywhere, rolled back to, announced again or rejected', async () => {
    const { id, content } = planned.releases[0];
    for (const kind of ['promote', 'rollback', 'redeploy']) {
      const answer = await scene.post(dana, '/promotions', {
        component: checkout,
        environment: 'prod',
        release: id,
        kind,
      });
      expect(answer.status).toBe(409);
      expect(answer.body.error.message).toMatch(/sample history of the demo/);
    }
    const rejected = await scene.post(kim, `/releases/${id}/reject`, {
      reason: 'Because of it',
    });
    expect(rejected.status).toBe(409);
    const before = await counts();
    await scene.post(dana, '/releases', { content });
    await expect(counts()).resolves.toEqual(before);
  });

  it('is compared by what it names, and nothing is worked out for it', async () => {
    const asked: unknown[] = [];
    const never = async (): Promise<never> => {
      throw new Error('Nothing asks for this');
    };
    const queries = new DiffQueries({
      database: scene.portal.testDatabase.database,
      resolver,
      proposer: { propose: never },
      differ: {
        ofProposal: never,
        between: async ({ from, to }) => {
          asked.push([
            from.release?.id,
            to.release?.id,
            from.target,
            to.target,
          ]);
          return never();
        },
      },
    });
    const one = planned.promotions.find(({ before }) => before !== undefined);
    await expect(
      queries.ofPromotion({ tenant: 'aurora', id: one?.id ?? '' }),
    ).rejects.toThrow('Nothing asks');
    expect(asked).toEqual([
      [one?.before, one?.release.id, undefined, undefined],
    ]);
  });

  it('is over whatever somebody writes', async () => {
    for (const statement of [
      `update portico_promotions.promotions set due_at = now() where sample`,
      `update portico_promotions.promotions set ended_at = null where sample`,
      `update portico_promotions.drift set resolved_at = null where sample`,
    ]) {
      await expect(rows(statement)).rejects.toThrow(/sample_is_over/);
    }
  });

  it('needs people, and components of the tenant', async () => {
    const of = (more: Partial<SampleComponent>) =>
      writeSampleHistory({
        database: scene.portal.testDatabase.database,
        tenant: 'aurora',
        components: [{ ...ofCheckout, ...more }],
        until,
      });
    await expect(of({ ref: 'component:borealis/ledger' })).rejects.toThrow(
      'component:borealis/ledger is no component of aurora',
    );
    await expect(of({ approvers: [dana] })).rejects.toThrow(
      /an approver who is none/,
    );
  });

  it('leaves with its mark when the tables go back to what they were', async () => {
    const { testDatabase } = scene.portal;
    const name = '20261122033000_sample_history.js';
    const knex = knexFactory({
      client: 'pg',
      connection: {
        connectionString: testDatabase.connectionString('migrator'),
        options: `-c role=${roles.owner}`,
      },
      searchPath: [promotionsMigrations.schema, 'public'],
      migrations: { directory: promotionsMigrations.directory },
    });
    const drift = () => rows('select 1 from portico_promotions.drift');
    try {
      await expect(drift()).resolves.not.toEqual([]);
      await knex.migrate.down({ name });
      await expect(drift()).resolves.toEqual([]);
      await knex.migrate.up({ name });
      await expect(
        rows('select sample from portico_promotions.drift'),
      ).resolves.toEqual([]);
    } finally {
      await knex.destroy();
    }
  });
});
