import { mockServices } from '@backstage/backend-test-utils';
import { isEnd } from '@portico/plugin-promotions-common';
import {
  PROMOTIONS_TOPIC,
  promotionsEventSchema,
} from '@portico/plugin-promotions-node';
import { EngineBench, tenant } from '../engine/__testUtils__/EngineBench';
import { readPorticoJobsConnection } from '@portico/database';
import { Pool } from 'pg';
import { type PromotionEngine } from '../engine/PromotionEngine';
import { EventRelay } from './EventRelay';
import { PromotionWorker } from './PromotionWorker';

jest.setTimeout(120_000);

describe('PromotionWorker', () => {
  let bench: EngineBench;
  const logger = mockServices.logger.mock();
  beforeAll(async () => {
    bench = await EngineBench.create();
  });
  afterAll(() => bench?.destroy());

  function worker(
    engine: Pick<PromotionEngine, 'advance'> = bench.engine().engine,
  ): PromotionWorker {
    return new PromotionWorker({
      database: bench.testDatabase.database,
      engine,
      logger,
      now: bench.now,
      connection: readPorticoJobsConnection(
        mockServices.rootConfig({ data: bench.testDatabase.config }),
      ),
    });
  }

  /** Waits for what the database says, without asking it all the time. */
  async function ended(component: string, environment: string) {
    for (;;) {
      const found = (await bench.promotions(component)).find(
        one => one.environment === environment && isEnd(one.phase),
      );
      if (found) {
        return found.phase;
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  it('moves promotions on as soon as there is a job, on two replicas at once', async () => {
    const workers = [worker(), worker()];
    await Promise.all(workers.map(one => one.start()));
    try {
      const components = Array.from(
        { length: 6 },
        (_, index) => `component:${tenant}/quick-${index}`,
      );
      await Promise.all(
        components.map(component => bench.announce(component, '1.0.0')),
      );
      await expect(
        Promise.all(components.map(component => ended(component, 'staging'))),
      ).resolves.toEqual(components.map(() => 'succeeded'));
      expect(bench.world.written).toHaveLength(2 * components.length);
      expect(bench.world.collisions).toEqual([]);
    } finally {
      await Promise.all(workers.map(one => one.stop()));
    }
  });

  it('finds what a killed process left, though its jobs are gone', async () => {
    const component = `component:${tenant}/left`;
    await bench.announce(component, '1.0.0');
    await bench.settle({ transaction: 8, side: 'afterItCommitted' });
    await bench.admin.query('delete from graphile_worker._private_jobs');
    const heir = worker();
    await heir.start();
    try {
      await expect(ended(component, 'staging')).resolves.toBe('succeeded');
    } finally {
      await heir.stop();
    }
  });

  it('tells the other parts of the process what changed, each thing once', async () => {
    const told: string[] = [];
    const relay = new EventRelay({
      database: bench.testDatabase.database,
      events: {
        publish: async ({ topic, eventPayload }) => {
          expect(topic).toBe(PROMOTIONS_TOPIC);
          const { id, event } = promotionsEventSchema.parse(eventPayload);
          told.push(`${id} ${event.type}`);
        },
      },
      logger,
    });
    await relay.relay();
    const component = `component:${tenant}/told`;
    await bench.announce(component, '1.0.0');
    await bench.settle();
    await relay.relay();
    const once = [...told];
    await relay.relay();
    expect(told).toEqual(once);
    expect(new Set(told).size).toBe(told.length);
    const { rows } = await bench.admin.query(
      `select sequence || ' ' || (event ->> 'type') as told
         from portico_promotions.events where event ->> 'component' = $1 order by sequence`,
      [component],
    );
    expect(told).toEqual(rows.map(row => row.told));
    expect(told.length).toBeGreaterThan(10);
  });

  it('writes down which jobs are done before it lets its connections go', async () => {
    const inUseAtTheEnd: number[] = [];
    const { end } = Pool.prototype;
    const spy = jest
      .spyOn(Pool.prototype, 'end')
      .mockImplementation(function countAndEnd(this: Pool) {
        inUseAtTheEnd.push(
          this.totalCount - this.idleCount + this.waitingCount,
        );
        return Reflect.apply(end, this, []);
      });
    let stopped: Promise<void> | undefined;
    const stops = worker({
      advance: async () => {
        stopped ??= stops.stop();
      },
    });
    try {
      await Promise.all(
        ['a', 'b', 'c', 'd'].map(name =>
          bench.announce(`component:${tenant}/done-${name}`, '1.0.0'),
        ),
      );
      await stops.start();
      while (!stopped) {
        await new Promise(setImmediate);
      }
      await stopped;
    } finally {
      spy.mockRestore();
    }
    expect(inUseAtTheEnd).toEqual([0]);
  });
});
