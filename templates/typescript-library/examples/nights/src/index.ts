const DAY_MILLISECONDS = 86_400_000;

/** A stay from a day of arrival to a day of departure, both as `2026-05-01`. */
export interface Stay {
  readonly arrival: string;
  readonly departure: string;
}

/** @throws RangeError when a day does not exist, or the departure is not after the arrival */
export function stay(arrival: string, departure: string): Stay {
  if (dayNumber(departure) <= dayNumber(arrival)) {
    throw new RangeError(
      `The departure ${departure} must be after the arrival ${arrival}.`,
    );
  }
  return { arrival, departure };
}

/** How many nights somebody sleeps there; clocks and time zones do not matter. */
export function nights({ arrival, departure }: Stay): number {
  return dayNumber(departure) - dayNumber(arrival);
}

/** Whether two stays need two rooms. Departing and arriving on one day does not. */
export function overlap(left: Stay, right: Stay): boolean {
  return (
    dayNumber(left.arrival) < dayNumber(right.departure) &&
    dayNumber(right.arrival) < dayNumber(left.departure)
  );
}

/** The fewest rooms in which all the stays find a place. */
export function roomsNeeded(stays: readonly Stay[]): number {
  const changes = stays
    .flatMap(({ arrival, departure }) => [
      { day: dayNumber(arrival), change: 1 },
      { day: dayNumber(departure), change: -1 },
    ])
    // On one day rooms are left before they are taken.
    .sort((left, right) => left.day - right.day || left.change - right.change);
  let taken = 0;
  let most = 0;
  for (const { change } of changes) {
    taken += change;
    most = Math.max(most, taken);
  }
  return most;
}

function dayNumber(day: string): number {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(day)
    ? Date.parse(`${day}T00:00:00Z`)
    : NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day) {
    throw new RangeError(
      `"${day}" is no day; expected one such as 2026-05-01.`,
    );
  }
  return time / DAY_MILLISECONDS;
}
