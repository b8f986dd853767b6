import { EngineBench, tenant } from '../engine/__testUtils__/EngineBench';
import { PromotionState } from './PromotionState';

jest.setTimeout(60_000);

describe('PromotionState', () => {
  it('counts what is on its way, and tells what nobody looks at', async () => {
    const bench = await EngineBench.create();
    try {
      const at = (seconds: number) =>
        new PromotionState({
          database: bench.testDatabase.database,
          now: () => new Date(Date.now() + seconds * 1000),
        });
      const overdue = async (seconds: number) =>
        (await at(seconds).readFigures()).find(
          ({ name }) => name === 'portico.promotions.overdue_seconds',
        )?.value;
      const look = (seconds: number) =>
        at(seconds).check().look(AbortSignal.timeout(10_000));
      expect(await overdue(600)).toBe(0);
      expect((await look(600)).status).toBe('ok');

      await bench.announce(`component:${tenant}/checkout`, '1.0.0');
      // An hour later nobody has looked at it.
      await bench.admin.query(
        `update portico_promotions.promotions set due_at = now() where ended_at is null`,
      );
      expect(await overdue(3600)).toBeGreaterThanOrEqual(3599);
      const finding = await look(3600);
      expect(finding).toMatchObject({
        status: 'failed',
        found: expect.stringMatching(/^1 are on their way; /),
      });
      expect(JSON.stringify(finding)).not.toContain(tenant);
      expect(await at(0).readFigures()).toContainEqual({
        name: 'portico.promotions.open',
        value: 1,
        labels: { phase: 'pending' },
      });

      // Somebody has it in hand.
      await bench.admin.query(
        `update portico_promotions.promotions set leased_until = clock_timestamp() + interval '1 hour'`,
      );
      expect(await overdue(3600)).toBe(0);
    } finally {
      await bench.destroy();
    }
  });
});
