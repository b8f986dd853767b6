import { randomUUID } from 'crypto';
import { type Knex } from 'knex';
import { TestDatabase } from '@portico/database/testUtils';
import { type DeliveryFigures } from '@portico/plugin-promotions-common';
import { tenancyMigrations } from '@portico/plugin-tenancy-backend';
import fc from 'fast-check';
import { promotionsMigrations } from '../migrations';
import { deliveryFigures } from './deliveryFigures';

jest.setTimeout(120_000);

const HOUR = 3_600_000;
const from = new Date('2026-10-22T12:00:00Z');
const to = new Date('2026-11-21T12:00:00Z');

interface Row {
  /** Hours after the beginning of the window. */
  hour: number;
  kind: 'promote' | 'rollback' | 'redeploy' | 'observed';
  result: 'succeeded' | 'failed' | 'rolledBack';
  environment: string;
  /** Hours from the first commit. */
  lead?: number;
  sample?: boolean;
  tier?: string;
}

function row(hour: number, more: Partial<Row> = {}): Row {
  return {
    hour,
    kind: 'promote',
    result: 'succeeded',
    environment: 'prod',
    ...more,
  };
}

/** What the definitions say, deployment by deployment. */
function counted(rows: readonly Row[], window: { from: number; to: number }) {
  const known = rows.filter(({ hour }) => hour >= -720 && hour < 720);
  const result = {
    deployed: 0,
    changes: 0,
    failed: 0,
    leads: [] as number[],
    restores: [] as number[],
  };
  for (const environment of new Set(known.map(item => item.environment))) {
    const stream = known.filter(item => item.environment === environment);
    stream.forEach((item, index) => {
      const next = stream.at(index + 1);
      const isChange = item.kind !== 'rollback';
      const hasFailed =
        item.result !== 'succeeded' ||
        (isChange && next?.kind === 'rollback' && next.hour - item.hour <= 48);
      if (item.hour < window.from || item.hour >= window.to) {
        return;
      }
      result.changes += isChange ? 1 : 0;
      result.failed += isChange && hasFailed ? 1 : 0;
      const hasShipped =
        item.result === 'succeeded' &&
        (item.kind === 'promote' || item.kind === 'observed');
      result.deployed += isChange && item.result === 'succeeded' ? 1 : 0;
      if (hasShipped && item.lead !== undefined) {
        result.leads.push(item.lead);
      }
      const wasDown = index > 0 && stream[index - 1].result !== 'succeeded';
      const restoredBy = stream
        .slice(index + 1)
        .find(later => later.result === 'succeeded');
      if (hasFailed && !wasDown && restoredBy) {
        result.restores.push(restoredBy.hour - item.hour);
      }
    });
  }
  return result;
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return sorted.length === 0
    ? undefined
    : Math.round(
        ((sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2) * 100,
      ) / 100;
}

// Distinct hours, so that "the next" is one and the same for both; often right at a bound.
const rowsArbitrary = fc
  .tuple(
    fc.integer({ min: -760, max: 600 }),
    fc.array(
      fc.record({
        gap: fc.constantFrom(1, 12, 47, 48, 49, 150),
        kind: fc.constantFrom(
          'promote' as const,
          'rollback' as const,
          'redeploy' as const,
          'observed' as const,
        ),
        result: fc.constantFrom(
          'succeeded' as const,
          'failed' as const,
          'rolledBack' as const,
        ),
        environment: fc.constantFrom('prod', 'prod-eu'),
        lead: fc.option(fc.integer({ min: 0, max: 500 }), { nil: undefined }),
        sample: fc.boolean(),
      }),
      { maxLength: 14 },
    ),
  )
  .map(([start, steps]) => {
    let hour = start;
    return steps.map(({ gap, ...step }): Row => {
      hour += gap;
      return { ...step, hour };
    });
  });

describe('deliveryFigures', () => {
  let testDatabase: TestDatabase;
  let components = 0;

  /** A component of its own with these deployments. */
  async function deploy(
    rows: readonly Row[],
    tenant = 'aurora',
  ): Promise<string> {
    components += 1;
    const component = `component:${tenant}/service-${components}`;
    await testDatabase.database.inTenant(tenant, transaction =>
      insert(transaction, tenant, component, rows),
    );
    return component;
  }

  function figures(
    ofComponents?: readonly string[],
    more: Partial<Parameters<typeof deliveryFigures>[0]> = {},
  ): Promise<DeliveryFigures> {
    return deliveryFigures({
      database: testDatabase.database,
      tenant: 'aurora',
      scope: 'tenant:aurora',
      components: ofComponents,
      from,
      to,
      withSample: true,
      ...more,
    });
  }

  beforeAll(async () => {
    testDatabase = await TestDatabase.create({
      migrations: [tenancyMigrations, promotionsMigrations],
    });
    await testDatabase.database.asPlatform('test', transaction =>
      transaction.raw(
        `insert into portico_tenancy.tenants (tenant, title)
         values ('aurora', 'A'), ('borealis', 'B'), ('cirrus', 'C')`,
      ),
    );
  });
  afterAll(() => testDatabase?.destroy());

  it('counts what the definitions say, whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(rowsArbitrary, fc.boolean(), async (all, withSample) => {
        const answer = await figures([await deploy(all)], { withSample });
        const rows = all.filter(({ sample }) => withSample || !sample);
        const now = counted(rows, { from: 0, to: 720 });
        const before = counted(rows, { from: -720, to: 0 });
        expect({
          deployed: answer.deploymentFrequency.n,
          changes: answer.changeFailureRate.n,
          leads: answer.leadTime.n,
          lead: answer.leadTime.value,
          leadBefore: answer.leadTime.before,
          failed: answer.days.reduce((sum, day) => sum + day.failed, 0),
          restores: answer.timeToRestore.n,
          restore: answer.timeToRestore.value,
          restoreBefore: answer.timeToRestore.before,
        }).toEqual({
          deployed: now.deployed,
          changes: now.changes,
          leads: now.leads.length,
          lead: now.leads.length < 2 ? undefined : median(now.leads),
          leadBefore:
            before.leads.length < 2 ? undefined : median(before.leads),
          failed: now.failed,
          restores: now.restores.length,
          restore: median(now.restores),
          restoreBefore: median(before.restores),
        });
      }),
      { numRuns: 150 },
    );
  });

  it('never takes a rollback for a lower failure rate or for a delivery', async () => {
    await fc.assert(
      fc.asyncProperty(
        rowsArbitrary,
        fc.double({ min: -760, max: 719, noNaN: true }),
        async (rows, hour) => {
          const real = rows.map(item => ({ ...item, sample: false }));
          const rollback = row(Math.floor(hour) + 0.5, { kind: 'rollback' });
          const without = await figures([await deploy(real)]);
          const withIt = await figures([await deploy([...real, rollback])]);
          expect(withIt.changeFailureRate.value ?? 0).toBeGreaterThanOrEqual(
            without.changeFailureRate.value ?? 0,
          );
          expect(withIt.deploymentFrequency).toEqual(
            without.deploymentFrequency,
          );
          expect(withIt.leadTime).toEqual(without.leadTime);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('gives value, level, n, the window before, and days with nothing in them', async () => {
    const component = await deploy([
      row(-100, { lead: 30 }),
      row(-50, { lead: 50 }),
      row(1, { lead: 10 }),
      row(2, { lead: 20 }),
      row(30, { result: 'failed' }),
      row(31, { kind: 'rollback' }),
      row(60),
      row(70, { kind: 'rollback' }),
    ]);
    const answer = await figures([component], { scope: component });
    expect(answer).toMatchObject({
      scope: component,
      from: from.toISOString(),
      to: to.toISOString(),
      sample: false,
      deploymentFrequency: {
        value: 0.7,
        n: 3,
        unit: 'perWeek',
        before: 0.47,
        level: 'low',
      },
      leadTime: {
        value: 15,
        n: 2,
        unit: 'hours',
        before: 40,
        level: 'elite',
        note: '1 of 3 deployments are left out, because their first commit is not known.',
      },
      changeFailureRate: {
        value: 50,
        n: 4,
        unit: 'percent',
        before: 0,
        level: 'low',
      },
      timeToRestore: { value: 5.5, n: 2, unit: 'hours', level: 'medium' },
    });
    expect(answer.days).toHaveLength(31);
    expect(answer.days.slice(0, 4)).toEqual([
      { day: '2026-10-22', succeeded: 2, failed: 0 },
      { day: '2026-10-23', succeeded: 0, failed: 1 },
      { day: '2026-10-24', succeeded: 0, failed: 0 },
      { day: '2026-10-25', succeeded: 0, failed: 1 },
    ]);
  });

  it('says what is missing instead of failing', async () => {
    const one = await figures([await deploy([row(5, { result: 'failed' })])]);
    expect(one.deploymentFrequency).toEqual({
      unit: 'perWeek',
      n: 0,
      note: 'Not enough data: fewer than two successful deployments to production in this window and the one before.',
    });
    expect(one.changeFailureRate).toMatchObject({ n: 1 });
    expect(one.changeFailureRate.value).toBeUndefined();
    expect(one.timeToRestore.note).toBe(
      'Not enough data: nothing has succeeded since the failures of this window.',
    );
    const none = await figures([]);
    expect(none.sample).toBe(false);
    expect(none.timeToRestore.note).toMatch(/no deployment to production/);

    const stopped = await figures([
      await deploy([row(-40), row(-30), row(-20, { tier: 'test' })]),
    ]);
    expect(stopped.deploymentFrequency).toMatchObject({
      value: 0,
      n: 0,
      before: 0.47,
      level: 'low',
    });
    const fine = await figures([await deploy([row(1), row(2)])]);
    expect(fine.timeToRestore.note).toBe(
      'No deployment failed in this window, so there was nothing to restore.',
    );
  });

  it('counts samples only as long as they are wanted, and says so', async () => {
    const sample = await deploy([
      row(1, { sample: true }),
      row(2, { sample: true }),
    ]);
    const real = await deploy([row(3), row(4)]);
    await expect(figures([sample])).resolves.toMatchObject({
      sample: true,
      changeFailureRate: { n: 2 },
    });
    await expect(figures([sample, real])).resolves.toMatchObject({
      sample: true,
      changeFailureRate: { n: 4 },
    });
    await expect(
      figures([sample, real], { withSample: false }),
    ).resolves.toMatchObject({ sample: false, changeFailureRate: { n: 2 } });
    await expect(figures([real])).resolves.toMatchObject({ sample: false });
  });

  it('rolls a tenant up: all deployments together, beside the median of its components', async () => {
    await deploy([row(1), row(2), row(3), row(4)], 'borealis');
    await deploy(
      [row(1), row(2, { result: 'failed' }), row(9, { result: 'failed' })],
      'borealis',
    );
    await deploy([row(1, { result: 'failed' })], 'borealis');
    const answer = await figures(undefined, {
      tenant: 'borealis',
      scope: 'tenant:borealis',
    });
    expect(answer.changeFailureRate).toMatchObject({
      n: 8,
      value: 37.5,
      medianOfComponents: 33.33,
    });
    await expect(
      figures(undefined, { tenant: 'cirrus', scope: 'tenant:cirrus' }),
    ).resolves.toMatchObject({ changeFailureRate: { n: 0 } });
  });
});

async function insert(
  transaction: Knex.Transaction,
  tenant: string,
  component: string,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) {
    return;
  }
  await transaction('portico_promotions.deployments').insert(
    rows.map(item => {
      const finished = from.getTime() + item.hour * HOUR;
      return {
        tenant,
        id: randomUUID(),
        component,
        environment: item.environment,
        tier: item.tier ?? 'production',
        result: item.result,
        kind: item.kind,
        source: 'promotion',
        initiated_by: 'user:aurora/kim',
        first_commit_at:
          item.lead === undefined
            ? null
            : new Date(finished - item.lead * HOUR),
        started_at: new Date(finished - HOUR / 10),
        finished_at: new Date(finished),
        sample: item.sample ?? false,
      };
    }),
  );
}
