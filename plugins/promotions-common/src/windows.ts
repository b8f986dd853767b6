import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { durationMilliseconds } from './names';
import { parseRecurrence } from './recurrence';
import {
  freezeGateOptionsSchema,
  type FreezeWindow,
  type LineStop,
  type WindowStanding,
} from './window';

const DAY = 24 * 60 * 60 * 1_000;
/** No zone was ever more than a day off, and some jumped over a whole one. */
const ZONE_MARGIN = 2 * DAY;
/** How far is looked for the next change, nearest first: most changes are near. */
const HORIZONS = [2 * DAY, 16 * DAY, 100 * DAY, 400 * DAY];

/** From its beginning until right before its end. */
export interface WindowSpan {
  from: Date;
  to: Date;
}

/**
 * When a window is active between two instants, oldest first; spans that reach over the
 * border are whole.
 *
 * The rule recurs in local time. A beginning that the clock jumps over is taken as the
 * offset before the jump says, so that no occurrence is lost; of a beginning that comes
 * twice, the first counts.
 */
export function windowOccurrences(
  window: FreezeWindow,
  from: Date,
  to: Date,
): WindowSpan[] {
  const length = durationMilliseconds(window.duration);
  const spans = new Map<number, WindowSpan>();
  for (const local of localBeginnings(
    window,
    from.getTime() - length - ZONE_MARGIN,
    to.getTime() + ZONE_MARGIN,
  )) {
    const begin = local.toPlainDateTime().toZonedDateTime(window.timeZone, {
      disambiguation: 'compatible',
    }).epochMilliseconds;
    if (
      begin < to.getTime() &&
      begin + length > from.getTime() &&
      begin <= lastBeginning(window)
    ) {
      spans.set(begin, { from: new Date(begin), to: new Date(begin + length) });
    }
  }
  return [...spans.values()].sort(
    (one, other) => one.from.getTime() - other.from.getTime(),
  );
}

/**
 * Whether windows and stops close an environment now, why, and when that changes, as far
 * as the next 400 days tell. An active `deny` always closes; where there are `allow`
 * windows, one has to be active; a stop closes until somebody lifts it.
 */
export function windowStanding(
  windows: readonly FreezeWindow[],
  now: Date,
  stops: readonly LineStop[] = [],
): WindowStanding {
  return standingOfGroups([windows], now, stops);
}

/**
 * What all freeze gates among frozen gates say together: each has to be open.
 *
 * @param stops - those of the environment, see {@link stopsOf}
 */
export function freezeStanding(
  gates: ReadonlyArray<{ kind: string; options: object }>,
  now: Date,
  stops: readonly LineStop[] = [],
): WindowStanding {
  return standingOfGroups(
    gates
      .filter(({ kind }) => kind === 'freeze')
      .map(({ options }) => freezeGateOptionsSchema.parse(options).windows),
    now,
    stops,
  );
}

function standingOfGroups(
  groups: readonly Group[],
  now: Date,
  stops: readonly LineStop[],
): WindowStanding {
  const [stop] = stops;
  if (stop) {
    return { closed: true, reason: stopReason(stop) };
  }
  const active = new Set(
    groups
      .flat()
      .filter(
        window => windowOccurrences(window, now, after(now, 1)).length > 0,
      ),
  );
  const closing = groups.find(group => isClosed(group, active));
  const closed = closing !== undefined;
  const change = nextChange(groups, now, closed);
  return {
    closed,
    reason: standingReason(closing ?? groups.flat(), active),
    ...(change && {
      [closed ? 'nextOpen' : 'nextClose']: change.toISOString(),
    }),
  };
}

/** The stops that hold for an environment. */
export function stopsOf(
  stops: readonly LineStop[],
  environment: string,
): LineStop[] {
  return stops.filter(
    stop =>
      stop.lifted === undefined &&
      (stop.environment === undefined || stop.environment === environment),
  );
}

/** The windows of all freeze gates among frozen gates. */
export function freezeWindowsOf(
  gates: ReadonlyArray<{ kind: string; options: object }>,
): FreezeWindow[] {
  return gates
    .filter(({ kind }) => kind === 'freeze')
    .flatMap(({ options }) => freezeGateOptionsSchema.parse(options).windows);
}

/** Beginnings in local time, written in UTC because the zone comes later. */
function localBeginnings(
  { start, recurrence }: FreezeWindow,
  from: number,
  to: number,
): Temporal.ZonedDateTime[] {
  const dtstart = Temporal.PlainDateTime.from(start).toZonedDateTime('UTC');
  if (recurrence === undefined) {
    return [dtstart];
  }
  const rule = new RRuleTemporal({
    dtstart,
    // Its end is an instant, which local time does not know.
    rruleString: [...parseRecurrence(recurrence)]
      .filter(([name]) => name !== 'UNTIL')
      .map(([name, value]) => `${name}=${value}`)
      .join(';'),
    strict: true,
    temporal: Temporal,
  });
  return rule.between(new Date(from), new Date(to), true);
}

/** Milliseconds of the last instant at which a window may begin. */
function lastBeginning({ recurrence }: FreezeWindow): number {
  const until = recurrence && parseRecurrence(recurrence).get('UNTIL');
  return until ? Temporal.Instant.from(until).epochMilliseconds : Infinity;
}

/** The windows of one gate. */
type Group = readonly FreezeWindow[];

function isClosed(group: Group, active: ReadonlySet<FreezeWindow>): boolean {
  const allowing = group.filter(({ effect }) => effect === 'allow');
  return (
    group.some(window => window.effect === 'deny' && active.has(window)) ||
    (allowing.length > 0 && !allowing.some(window => active.has(window)))
  );
}

/** The first instant after now at which the standing is another one. */
function nextChange(
  groups: readonly Group[],
  now: Date,
  closedNow: boolean,
): Date | undefined {
  for (const horizon of HORIZONS) {
    const sweeps = groups.flat().map(window => ({
      window,
      spans: windowOccurrences(window, now, after(now, horizon)),
      next: 0,
      end: -Infinity,
    }));
    const borders = sweeps
      .flatMap(({ spans }) =>
        spans.flatMap(({ from, to }) => [from.getTime(), to.getTime()]),
      )
      // Beyond the horizon, beginnings are not known.
      .filter(at => at > now.getTime() && at < now.getTime() + horizon);
    for (const border of [...new Set(borders)].sort((a, b) => a - b)) {
      const active = new Set(
        sweeps
          .filter(sweep => isActiveAt(sweep, border))
          .map(({ window }) => window),
      );
      if (groups.some(group => isClosed(group, active)) !== closedNow) {
        return new Date(border);
      }
    }
  }
  return undefined;
}

/** Goes on to a later instant, and tells whether a span holds it. */
function isActiveAt(
  sweep: { spans: WindowSpan[]; next: number; end: number },
  at: number,
): boolean {
  for (
    let span = sweep.spans[sweep.next];
    span && span.from.getTime() <= at;
    span = sweep.spans[sweep.next]
  ) {
    sweep.end = Math.max(sweep.end, span.to.getTime());
    sweep.next += 1;
  }
  return sweep.end > at;
}

function standingReason(
  windows: readonly FreezeWindow[],
  active: ReadonlySet<FreezeWindow>,
): string {
  const denying = windows.find(
    window => window.effect === 'deny' && active.has(window),
  );
  if (denying) {
    return `Closed by the window "${denying.name}"${
      denying.reason ? `: ${denying.reason}` : ''
    }.`;
  }
  const allowing = windows.filter(({ effect }) => effect === 'allow');
  const open = allowing.find(window => active.has(window));
  if (open) {
    return `Open by the window "${open.name}".`;
  }
  if (allowing.length > 0) {
    const names = allowing.map(({ name }) => `"${name}"`).join(', ');
    return `Open only in ${
      allowing.length > 1 ? 'the windows' : 'the window'
    } ${names}, which is not now.`;
  }
  return windows.length > 0
    ? 'No window closes it now.'
    : 'No window restricts it.';
}

function stopReason({ scope, environment, by, reason }: LineStop): string {
  const who =
    scope === 'platform'
      ? 'The platform'
      : by ?? 'Somebody of the organisation';
  return `${who} stopped the line${environment ? ` to ${environment}` : ''}${
    scope === 'platform' ? ' for all tenants' : ''
  }: ${reason}`;
}

function after(now: Date, milliseconds: number): Date {
  return new Date(now.getTime() + milliseconds);
}
