import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { type JsonObject } from '@backstage/types';
import { tenancyMigrations } from '@portico/plugin-tenancy-backend';
import knexFactory, { type Knex } from 'knex';
import { addPromotion, stageOf } from './effects/__testUtils__/samplePromotion';
import { boundEvidence } from './gates/boundEvidence';
import { promotionsMigrations } from './migrations';
import { openStores } from './store/openStores';

jest.setTimeout(60_000);

const at = '2026-11-21T12:00:00.000Z';
const stop = (by: string, more: JsonObject = {}) => ({
  id: 'a',
  scope: 'platform',
  by,
  since: at,
  reason: 'The database is moved',
  ...more,
});

describe('promotionsMigrations', () => {
  let testDatabase: TestDatabase;
  let owner: Knex;

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
    owner = knexFactory({
      client: 'pg',
      connection: {
        connectionString: testDatabase.connectionString('migrator'),
        options: '-c role=portico_owner',
      },
    });
  });
  afterAll(async () => {
    await owner?.destroy();
    await testDatabase?.destroy();
  });

  it('take the names of those who work for the platform out of what gates said before', async () => {
    const { id, release } = await addPromotion(testDatabase.database, {
      stage: stageOf('prod', { driver: 'git' }),
      environment: 'prod',
    });
    const closed = (by: string) =>
      `${by} stopped the line to prod for all tenants: The database is moved`;
    const evidences: JsonObject[] = [
      {
        closed: true,
        stops: [stop('user:default/pat'), stop('user:aurora/dana')],
      },
      { closed: true, stops: [stop('user:aurora/dana')] },
      {
        closed: true,
        stops: [stop('user:default/pat', { reason: 'x'.repeat(9_000) })],
      },
    ];
    const stored = () =>
      testDatabase.database.inTenant('aurora', transaction =>
        openStores(transaction, 'aurora').gateResults.newestOf(id),
      );
    await testDatabase.database.inTenant('aurora', async transaction => {
      const { gateResults, history } = openStores(transaction, 'aurora');
      await gateResults.add(
        id,
        evidences.map((evidence, index) => ({
          gate: `freeze-${index}`,
          kind: 'freeze',
          requiredBy: 'platform',
          outcome: 'waiting',
          reason: closed(index === 1 ? 'user:aurora/dana' : 'user:default/pat'),
          ...boundEvidence(evidence),
          subject: release.id,
          evaluatedAt: at,
          since: at,
        })),
      );
      await history.addTransition(id, {
        sequence: 1,
        to: 'waiting',
        event: 'request',
        reason: closed('user:default/pat'),
        by: 'plugin:promotions',
        at: new Date(at),
      });
    });
    const before = await stored();
    expect(JSON.stringify(before[2])).toContain('user:default/pat');

    const { up }: { up(knex: Knex): Promise<void> } = jest.requireActual(
      `${promotionsMigrations.directory}/20261122071000_nameless_platform_stops.js`,
    );
    await owner.transaction(transaction => up(transaction));

    const after = await stored();
    expect(after[0]).toEqual({
      ...before[0],
      reason: closed('The platform'),
      ...boundEvidence({
        closed: true,
        stops: [
          {
            id: 'a',
            scope: 'platform',
            since: at,
            reason: 'The database is moved',
          },
          stop('user:aurora/dana'),
        ],
      }),
    });
    expect(after[1]).toEqual(before[1]);
    expect(after[2].evidence).toMatchObject({ cut: true });
    expect(JSON.stringify(after)).not.toContain('user:default');
    const transitions = await testDatabase.database.inTenant(
      'aurora',
      transaction =>
        openStores(transaction, 'aurora').history.transitionsOf(id),
    );
    expect(transitions).toMatchObject([{ reason: closed('The platform') }]);
    // Row security binds the owner as before.
    const { rows } = await owner.raw(
      `select 1 from portico_promotions.gate_results`,
    );
    expect(rows).toEqual([]);
  });
});
