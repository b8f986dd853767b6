import { SampleComponentTale } from './SampleComponentTale';
import { type SampleComponent, type SampleHistory } from './SampleHistory';
import { SeededRandom } from './SeededRandom';
import { workingDays } from './workingHours';

const DAY = 24 * 3_600_000;
/** How far sample history goes back. */
export const SAMPLE_DAYS = 60;
/** What is real comes after it, and never between. */
const PAUSE = 2 * 3_600_000;

/**
 * Makes up what happened to a component in the sixty days before an instant: releases on
 * working days, of which some fail, are taken back or not let through. The same component at
 * the same instant has the same history.
 */
export function planSampleHistory(
  component: SampleComponent,
  until: Date,
): SampleHistory {
  const random = new SeededRandom(component.ref);
  const end = new Date(until.getTime() - PAUSE);
  const tale = new SampleComponentTale({ component, random, end });
  const pace = random.between(0.2, 0.65);
  const start = new Date(until.getTime() - SAMPLE_DAYS * DAY);
  for (const day of workingDays(start, end)) {
    const at = (hour: number) => new Date(day.getTime() + hour * 3_600_000);
    if (random.chance(pace)) {
      tale.release(at(random.between(7.5, 15.5)));
    }
    if (random.chance(0.03)) {
      tale.drift(at(random.between(8, 16)));
    }
  }
  return tale.history;
}
