const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BEGIN_HOUR = 7;
const END_HOUR = 17;

/** Midnight (UTC) of the working days from one instant to another. */
export function workingDays(from: Date, to: Date): Date[] {
  const days: Date[] = [];
  for (
    let day = Math.ceil(from.getTime() / DAY) * DAY;
    day < to.getTime();
    day += DAY
  ) {
    if (isWorkingDay(new Date(day))) {
      days.push(new Date(day));
    }
  }
  return days;
}

/** The same instant if people work then (UTC), else as long after their next beginning. */
export function whenAtWork(at: Date): Date {
  const hour = at.getTime() % DAY;
  if (isWorkingDay(at) && hour >= BEGIN_HOUR * HOUR && hour < END_HOUR * HOUR) {
    return at;
  }
  const midnight = at.getTime() - hour;
  let day = hour < BEGIN_HOUR * HOUR ? midnight : midnight + DAY;
  while (!isWorkingDay(new Date(day))) {
    day += DAY;
  }
  // minutes stay, so that not everybody begins at the same time
  return new Date(day + BEGIN_HOUR * HOUR + (hour % HOUR));
}

function isWorkingDay(at: Date): boolean {
  const day = at.getUTCDay();
  return day !== 0 && day !== 6;
}
