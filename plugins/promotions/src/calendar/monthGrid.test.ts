import { type WindowOccurrence } from '@portico/plugin-promotions-common';
import {
  addMonths,
  rangeOf,
  readMonth,
  weeksOf,
  writeMonth,
} from './monthGrid';

function occurrence(from: Date, to: Date): WindowOccurrence {
  return {
    window: {
      name: 'year end',
      effect: 'deny',
      start: '2026-12-20T00:00:00',
      timeZone: 'Europe/Berlin',
      duration: 'P14D',
    },
    pipelineRef: 'pipeline:default/default',
    environments: ['prod'],
    from: from.toISOString(),
    to: to.toISOString(),
  };
}

describe('months', () => {
  it('are read from an address and written to it, and what is no month is the current one', () => {
    const now = new Date(2026, 10, 21);
    expect(readMonth('2027-02', now)).toEqual({ year: 2027, month: 1 });
    for (const text of [null, '', '2027-13', '2027-2', 'x']) {
      expect(readMonth(text, now)).toEqual({ year: 2026, month: 10 });
    }
    expect(writeMonth({ year: 2027, month: 1 })).toBe('2027-02');
  });

  it('are counted over the ends of years', () => {
    expect(addMonths({ year: 2026, month: 11 }, 1)).toEqual({
      year: 2027,
      month: 0,
    });
    expect(addMonths({ year: 2026, month: 0 }, -1)).toEqual({
      year: 2025,
      month: 11,
    });
  });

  it('have whole weeks from Monday to Sunday, each day once, whatever the clock does', () => {
    for (let count = 0; count < 48; count += 1) {
      const month = addMonths({ year: 2025, month: 0 }, count);
      const weeks = weeksOf(month, []);
      const days = weeks.flat();
      expect(days[0].from).toEqual(rangeOf(month).from);
      expect(days.at(-1)?.to).toEqual(rangeOf(month).to);
      expect(days.map(({ from }) => from.getDay())).toEqual(
        weeks.flatMap(() => [1, 2, 3, 4, 5, 6, 0]),
      );
      days.slice(1).forEach((day, index) => {
        expect(day.from).toEqual(days[index].to);
      });
      expect(days.filter(({ isOfMonth }) => isOfMonth)).toHaveLength(
        new Date(month.year, month.month + 1, 0).getDate(),
      );
    }
  });

  it('show a window on each day that it touches, not on the one that it ends before', () => {
    const days = weeksOf({ year: 2026, month: 11 }, [
      occurrence(new Date(2026, 11, 23, 18), new Date(2026, 11, 27)),
    ])
      .flat()
      .filter(day => day.occurrences.length > 0)
      .map(({ from }) => from.getDate());
    expect(days).toEqual([23, 24, 25, 26]);
  });
});
