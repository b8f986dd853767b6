import { type WindowOccurrence } from '@portico/plugin-promotions-common';

/** A month, as the address names it: `2026-11`. */
export interface Month {
  year: number;
  /** From 0. */
  month: number;
}

/** A day of the grid, in the time zone of the browser. */
export interface Day {
  from: Date;
  to: Date;
  isOfMonth: boolean;
  occurrences: WindowOccurrence[];
}

/** The month of an address; that of `now` when the address names none. */
export function readMonth(text: string | null, now: Date): Month {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text ?? '');
  return match
    ? { year: Number(match[1]), month: Number(match[2]) - 1 }
    : { year: now.getFullYear(), month: now.getMonth() };
}

/** How the address names a month. */
export function writeMonth({ year, month }: Month): string {
  return `${String(year).padStart(4, '0')}-${String(month + 1).padStart(
    2,
    '0',
  )}`;
}

/** The month some months later or earlier. */
export function addMonths({ year, month }: Month, count: number): Month {
  const total = year * 12 + month + count;
  return { year: Math.floor(total / 12), month: ((total % 12) + 12) % 12 };
}

/** First and last moment of the weeks that a month touches; weeks begin on Monday. */
export function rangeOf({ year, month }: Month): { from: Date; to: Date } {
  const first = new Date(year, month, 1);
  const from = new Date(year, month, 1 - ((first.getDay() + 6) % 7));
  const last = new Date(year, month + 1, 0);
  const to = new Date(
    year,
    month,
    last.getDate() + 1 + ((7 - last.getDay()) % 7),
  );
  return { from, to };
}

/** The weeks of a month, each day with the windows that touch it. */
export function weeksOf(
  month: Month,
  occurrences: readonly WindowOccurrence[],
): Day[][] {
  const { from, to } = rangeOf(month);
  const weeks: Day[][] = [];
  // Days are counted by the calendar: on two of them a year an hour is missing or doubled.
  for (
    let start = from;
    start < to;
    start = new Date(start.getFullYear(), start.getMonth(), start.getDate() + 7)
  ) {
    weeks.push(
      Array.from({ length: 7 }, (_, index) => {
        const day = start.getDate() + index;
        const dayFrom = new Date(start.getFullYear(), start.getMonth(), day);
        const dayTo = new Date(start.getFullYear(), start.getMonth(), day + 1);
        return {
          from: dayFrom,
          to: dayTo,
          isOfMonth: dayFrom.getMonth() === month.month,
          occurrences: occurrences.filter(
            occurrence =>
              new Date(occurrence.from) < dayTo &&
              new Date(occurrence.to) > dayFrom,
          ),
        };
      }),
    );
  }
  return weeks;
}
