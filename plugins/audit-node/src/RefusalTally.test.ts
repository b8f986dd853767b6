import { RefusalTally } from './RefusalTally';

describe('RefusalTally', () => {
  it('lets one entry through per key and minute, which tells of the others', () => {
    let now = 1_000_000;
    const tally = new RefusalTally({ now: () => new Date(now) });
    expect(tally.count('kim')).toBe(1);
    expect(tally.count('vic')).toBe(1);
    expect([tally.count('kim'), tally.count('kim')]).toEqual([
      undefined,
      undefined,
    ]);
    now += 60_000;
    expect(tally.count('kim')).toBe(3);
    now += 59_999;
    expect(tally.count('kim')).toBeUndefined();
    now += 1;
    expect(tally.count('kim')).toBe(2);
  });

  it('bounds all keys together, so that new ones make no flood', () => {
    let now = 1_000_000;
    const tally = new RefusalTally({
      now: () => new Date(now),
      mostEntries: 5,
    });
    const entries = Array.from({ length: 20_000 }, (_, index) =>
      tally.count(`address ${index}`),
    );
    expect(entries.filter(count => count !== undefined)).toHaveLength(5);
    now += 60_000;
    expect(tally.count('address 19999')).toBe(2);
  });
});
