import { type DeliveryFigures } from '@portico/plugin-promotions-common';

/** What one bar stands for. */
export interface Bar {
  /** The day, or the first one of the week. */
  day: string;
  succeeded: number;
  failed: number;
}

/** More bars than this cannot be told apart; then one stands for a week. */
const MOST_DAYS = 92;

/** The bars of a chart: a day each, or a week each where the window is long. */
export function barsOf(days: DeliveryFigures['days']): {
  unit: 'day' | 'week';
  bars: Bar[];
} {
  if (days.length <= MOST_DAYS) {
    return { unit: 'day', bars: days };
  }
  const bars: Bar[] = [];
  days.forEach(({ day, succeeded, failed }, index) => {
    const last = bars.at(-1);
    if (index % 7 === 0 || !last) {
      bars.push({ day, succeeded, failed });
    } else {
      last.succeeded += succeeded;
      last.failed += failed;
    }
  });
  return { unit: 'week', bars };
}
