import { type Figure } from '@portico/plugin-promotions-common';

/** The four figures of delivery. */
export type FigureName =
  | 'deploymentFrequency'
  | 'leadTime'
  | 'changeFailureRate'
  | 'timeToRestore';

/**
 * What was counted in one window over one component, or over all of them together. A change
 * is any deployment but a rollback.
 */
export interface FigureCounts {
  /** Changes, whatever became of them. */
  changes: number;
  /** Changes that succeeded, also those that were rolled back afterwards. */
  deployed: number;
  /** Changes that failed, or were followed by a rollback within 48 hours. */
  failed: number;
  /** Changes that brought something new. */
  shipped: number;
  /** Those of them whose first commit is known, and the median of their lead times. */
  leadTimes: number;
  medianLeadHours?: number;
  /** Times of failure, each from the first failed deployment to the next that succeeded. */
  outages: number;
  /** Those of them that are over, and the median of their lengths. */
  restored: number;
  medianRestoreHours?: number;
}

/** Nothing was deployed. */
export const noCounts: FigureCounts = {
  changes: 0,
  deployed: 0,
  failed: 0,
  shipped: 0,
  leadTimes: 0,
  outages: 0,
  restored: 0,
};

const WEEK_MILLISECONDS = 7 * 24 * 3_600_000;

/** Up to the first bound it is elite, up to the second medium. */
const bounds: Record<FigureName, readonly [number, number]> = {
  deploymentFrequency: [7, 1],
  leadTime: [24, 168],
  changeFailureRate: [5, 15],
  timeToRestore: [1, 24],
};

/** The level of a value, by the thresholds that other portals use, too. */
export function levelOf(
  name: FigureName,
  value: number,
): NonNullable<Figure['level']> {
  const [elite, medium] = bounds[name];
  const isMoreBetter = name === 'deploymentFrequency';
  if (isMoreBetter ? value >= elite : value < elite) {
    return 'elite';
  }
  return (isMoreBetter ? value >= medium : value <= medium) ? 'medium' : 'low';
}

/** The figures of a window from what was counted in it and in the one before. */
export function figuresOf(counts: {
  now: FigureCounts;
  before: FigureCounts;
  /** What was counted in the window for each component; empty for one alone. */
  components: readonly FigureCounts[];
  windowMilliseconds: number;
}): Record<FigureName, Figure> {
  const { now, before, components } = counts;
  const weeks = counts.windowMilliseconds / WEEK_MILLISECONDS;
  const isStream = now.deployed + before.deployed >= 2;
  const figure = (
    name: FigureName,
    measured: Pick<Figure, 'unit' | 'n' | 'note'>,
    valueOf: (of: FigureCounts) => number | undefined,
  ): Figure => {
    const value = valueOf(now);
    const valueBefore = valueOf(before);
    const ofComponents = components
      .map(valueOf)
      .filter(item => item !== undefined);
    return {
      unit: measured.unit,
      n: measured.n,
      ...(measured.note && { note: measured.note }),
      ...(value !== undefined && {
        value: round(value),
        level: levelOf(name, value),
      }),
      ...(valueBefore !== undefined && { before: round(valueBefore) }),
      ...(ofComponents.length > 1 && {
        medianOfComponents: round(median(ofComponents)),
      }),
    };
  };
  return {
    deploymentFrequency: figure(
      'deploymentFrequency',
      {
        unit: 'perWeek',
        n: now.deployed,
        note: isStream
          ? undefined
          : 'Not enough data: fewer than two successful deployments to production in this window and the one before.',
      },
      // Who delivered before and does not any more has a frequency: none.
      of =>
        isStream && (of === now || of.deployed > 0)
          ? of.deployed / weeks
          : undefined,
    ),
    leadTime: figure(
      'leadTime',
      { unit: 'hours', n: now.leadTimes, note: leadTimeNote(now) },
      of => (of.leadTimes < 2 ? undefined : of.medianLeadHours),
    ),
    changeFailureRate: figure(
      'changeFailureRate',
      {
        unit: 'percent',
        n: now.changes,
        note:
          now.changes < 2
            ? 'Not enough data: fewer than two deployments to production in this window.'
            : undefined,
      },
      of => (of.changes < 2 ? undefined : (of.failed / of.changes) * 100),
    ),
    timeToRestore: figure(
      'timeToRestore',
      { unit: 'hours', n: now.restored, note: restoreNote(now) },
      of => (of.restored === 0 ? undefined : of.medianRestoreHours),
    ),
  };
}

function leadTimeNote({ leadTimes, shipped }: FigureCounts) {
  if (leadTimes < 2) {
    return 'Not enough data: fewer than two deployments of this window have a known first commit.';
  }
  return leadTimes < shipped
    ? `${
        shipped - leadTimes
      } of ${shipped} deployments are left out, because their first commit is not known.`
    : undefined;
}

function restoreNote({ changes, outages, restored }: FigureCounts) {
  const open = outages - restored;
  if (restored > 0) {
    return open > 0
      ? `${open} of ${outages} failures are left out, because nothing has succeeded since.`
      : undefined;
  }
  if (open > 0) {
    return 'Not enough data: nothing has succeeded since the failures of this window.';
  }
  return changes > 0
    ? 'No deployment failed in this window, so there was nothing to restore.'
    : 'Not enough data: no deployment to production in this window.';
}

/** The days of a window in UTC, also those without a deployment. */
export function daysOf(
  window: { from: Date; to: Date },
  counted: ReadonlyMap<string, { succeeded: number; failed: number }>,
): Array<{ day: string; succeeded: number; failed: number }> {
  const days = [];
  const cursor = new Date(window.from);
  cursor.setUTCHours(0, 0, 0, 0);
  while (cursor < window.to) {
    const day = cursor.toISOString().slice(0, 10);
    days.push({ day, ...(counted.get(day) ?? { succeeded: 0, failed: 0 }) });
    cursor.setUTCDate(cursor.getUTCDate() + 1);
  }
  return days;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
