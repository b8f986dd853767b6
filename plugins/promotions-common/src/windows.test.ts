import fc from 'fast-check';
import { type FreezeWindow, freezeWindowSchema, type LineStop } from './window';
import {
  freezeStanding,
  stopsOf,
  windowOccurrences,
  windowStanding,
} from './windows';

const HOUR = 60 * 60 * 1_000;
const DAY = 24 * HOUR;

const window = (
  more: Partial<FreezeWindow> & Pick<FreezeWindow, 'start'>,
): FreezeWindow =>
  freezeWindowSchema.parse({
    name: 'night',
    effect: 'deny',
    timeZone: 'Europe/Berlin',
    duration: 'PT1H',
    ...more,
  });
const spans = (one: FreezeWindow, from: string, to: string) =>
  windowOccurrences(one, new Date(from), new Date(to)).map(
    span => `${span.from.toISOString()}/${span.to.toISOString()}`,
  );
const at = (text: string) => new Date(text);

describe('windowOccurrences', () => {
  it('recurs in local time, whatever the offset is', () => {
    const one = window({
      start: '2026-01-05T09:00:00',
      recurrence: 'FREQ=DAILY',
    });
    expect(spans(one, '2026-03-28T00:00:00Z', '2026-03-31T00:00:00Z')).toEqual([
      '2026-03-28T08:00:00.000Z/2026-03-28T09:00:00.000Z',
      '2026-03-29T07:00:00.000Z/2026-03-29T08:00:00.000Z',
      '2026-03-30T07:00:00.000Z/2026-03-30T08:00:00.000Z',
    ]);
  });

  it('keeps an occurrence whose beginning the clock jumps over', () => {
    const one = window({
      start: '2026-03-27T02:30:00',
      recurrence: 'FREQ=DAILY',
    });
    expect(spans(one, '2026-03-29T00:00:00Z', '2026-03-30T00:00:00Z')).toEqual([
      '2026-03-29T01:30:00.000Z/2026-03-29T02:30:00.000Z',
    ]);
  });

  it('begins once where the local time comes twice, and lasts in elapsed time', () => {
    const one = window({
      start: '2026-10-23T02:30:00',
      recurrence: 'FREQ=DAILY',
      duration: 'PT2H',
    });
    expect(spans(one, '2026-10-25T00:00:00Z', '2026-10-26T00:00:00Z')).toEqual([
      '2026-10-25T00:30:00.000Z/2026-10-25T02:30:00.000Z',
    ]);
  });

  it.each<[string, Partial<FreezeWindow>, string[]]>([
    ['once', {}, ['2026-12-19T23:00:00.000Z']],
    [
      'until an instant, that one included',
      { recurrence: 'FREQ=DAILY;UNTIL=20261220T230000Z' },
      ['2026-12-19T23:00:00.000Z', '2026-12-20T23:00:00.000Z'],
    ],
    [
      'so many times',
      { recurrence: 'FREQ=WEEKLY;COUNT=2' },
      ['2026-12-19T23:00:00.000Z', '2026-12-26T23:00:00.000Z'],
    ],
    [
      'on the last working day of a month',
      {
        recurrence: 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2',
        timeZone: 'America/New_York',
      },
      ['2026-12-31T05:00:00.000Z', '2027-01-29T05:00:00.000Z'],
    ],
    [
      'on the second Tuesday of each year’s March',
      { recurrence: 'FREQ=YEARLY;BYMONTH=3;BYDAY=2TU' },
      ['2027-03-08T23:00:00.000Z', '2028-03-13T23:00:00.000Z'],
    ],
    ['never', { recurrence: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }, []],
  ])('begins %s', (_, more, expected) => {
    const one = window({ start: '2026-12-20T00:00:00', ...more });
    expect(
      windowOccurrences(
        one,
        at('2026-01-01T00:00:00Z'),
        at('2028-12-01T00:00:00Z'),
      ).map(({ from }) => from.toISOString()),
    ).toEqual(expected);
  });

  it('tells whole spans that reach over the borders, and none that touch them', () => {
    const one = window({ start: '2026-11-20T12:00:00', duration: 'PT24H' });
    const whole = ['2026-11-20T11:00:00.000Z/2026-11-21T11:00:00.000Z'];
    expect(spans(one, '2026-11-21T10:59:59Z', '2026-11-21T12:00:00Z')).toEqual(
      whole,
    );
    expect(spans(one, '2026-11-21T11:00:00Z', '2026-11-22T00:00:00Z')).toEqual(
      [],
    );
    expect(spans(one, '2026-11-20T10:00:00Z', '2026-11-20T11:00:00Z')).toEqual(
      [],
    );
    expect(
      spans(one, '2026-11-20T10:00:00Z', '2026-11-20T11:00:00.001Z'),
    ).toEqual(whole);
  });

  it('begins each day at its local time in every zone, around every change of its clock', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    expect(zones.length).toBeGreaterThan(400);
    let changes = 0;
    const wrong: string[] = [];
    for (const timeZone of zones) {
      const offset = offsetOf(timeZone);
      const days = Array.from(
        { length: 365 },
        (_, day) => Date.UTC(2026, 0, 2, 12) + day * DAY,
      );
      const changed = days.filter(
        (day, index) => index > 0 && offset(day) !== offset(day - DAY),
      );
      changes += changed.length;
      // A day without a change too, for the zones that have none.
      for (const day of [...changed, Date.UTC(2026, 5, 10, 12)]) {
        for (const minutes of [0, 30, 90, 150]) {
          const time = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${
            minutes % 60 ? '30' : '00'
          }:00`;
          const one = window({
            start: `2025-12-31T${time}`,
            timeZone,
            recurrence: 'FREQ=DAILY',
          });
          const from = new Date(day - 3 * DAY);
          const to = new Date(day + 3 * DAY);
          const found = windowOccurrences(one, from, to)
            .map(span => span.from.getTime())
            .filter(begin => begin >= from.getTime());
          const expected = localDates(day).map(date =>
            instantOf(date + minutes * 60_000, offset),
          );
          const inside = expected.filter(
            begin => begin >= from.getTime() && begin < to.getTime(),
          );
          if (JSON.stringify(found) !== JSON.stringify(inside)) {
            wrong.push(
              `${timeZone} ${time} around ${new Date(day).toISOString()}`,
            );
          }
        }
      }
    }
    expect(wrong).toEqual([]);
    // Summer time exists: what is tested is there.
    expect(changes).toBeGreaterThan(200);
  });
});

describe('windowStanding', () => {
  const now = at('2026-11-21T12:00:00Z');
  const night = window({
    start: '2026-11-01T22:00:00',
    duration: 'PT8H',
    recurrence: 'FREQ=DAILY',
    reason: 'nobody is on call',
  });
  const office = window({
    name: 'office hours',
    effect: 'allow',
    start: '2026-11-02T09:00:00',
    duration: 'PT8H',
    recurrence: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
  });

  it('is open where nothing restricts it', () => {
    expect(windowStanding([], now)).toEqual({
      closed: false,
      reason: 'No window restricts it.',
    });
  });

  it('tells when an open environment closes', () => {
    expect(windowStanding([night], now)).toEqual({
      closed: false,
      reason: 'No window closes it now.',
      nextClose: '2026-11-21T21:00:00.000Z',
    });
  });

  it('tells by what it is closed, and until when', () => {
    expect(windowStanding([night], at('2026-11-21T23:00:00Z'))).toEqual({
      closed: true,
      reason: 'Closed by the window "night": nobody is on call.',
      nextOpen: '2026-11-22T05:00:00.000Z',
    });
  });

  it('is open in a window that allows it only', () => {
    // A Saturday.
    expect(windowStanding([office], now)).toEqual({
      closed: true,
      reason: 'Open only in the window "office hours", which is not now.',
      nextOpen: '2026-11-23T08:00:00.000Z',
    });
    expect(windowStanding([office], at('2026-11-23T08:00:00Z'))).toEqual({
      closed: false,
      reason: 'Open by the window "office hours".',
      nextClose: '2026-11-23T16:00:00.000Z',
    });
  });

  it('lets a deny win over an allow, and opens where both let it', () => {
    const monday = window({
      name: 'release day',
      start: '2026-11-23T00:00:00',
      duration: 'P1D',
    });
    expect(
      windowStanding([office, monday], at('2026-11-23T10:00:00Z')),
    ).toMatchObject({ closed: true, nextOpen: '2026-11-24T08:00:00.000Z' });
  });

  it('looks past windows that follow each other without a gap', () => {
    const days = [20, 21, 22].map(day =>
      window({
        name: `day ${day}`,
        start: `2026-11-${day}T12:00:00`,
        duration: 'P1D',
      }),
    );
    expect(windowStanding(days, now).nextOpen).toBe('2026-11-23T11:00:00.000Z');
  });

  it('knows no end where there is none in the next 400 days', () => {
    const always = window({
      start: '2026-01-01T00:00:00',
      duration: 'PT25H',
      recurrence: 'FREQ=DAILY',
    });
    expect(windowStanding([always], now)).toEqual({
      closed: true,
      reason: 'Closed by the window "night".',
    });
  });

  it('finds the next freeze a year from now', () => {
    const yearEnd = window({
      start: '2020-12-20T00:00:00',
      duration: 'P14D',
      recurrence: 'FREQ=YEARLY',
    });
    expect(
      windowStanding([yearEnd], at('2026-01-10T00:00:00Z')).nextClose,
    ).toBe('2026-12-19T23:00:00.000Z');
  });

  it('stays closed for as long as the line is stopped', () => {
    const stop: LineStop = {
      id: '0190f1f0-0000-7000-8000-000000000000',
      scope: 'platform',
      environment: 'prod',
      reason: 'The database is moved',
      by: 'user:default/pat',
      since: '2026-11-21T11:00:00Z',
    };
    expect(windowStanding([], now, [stop])).toEqual({
      closed: true,
      reason:
        'The platform stopped the line to prod for all tenants: The database is moved',
    });
    expect(stopsOf([stop], 'prod')).toEqual([stop]);
    expect(stopsOf([stop], 'dev')).toEqual([]);
    expect(stopsOf([{ ...stop, environment: undefined }], 'dev')).toHaveLength(
      1,
    );
    expect(
      stopsOf(
        [{ ...stop, lifted: { by: 'user:default/pat', at: stop.since } }],
        'prod',
      ),
    ).toEqual([]);
  });

  it('asks every freeze gate of a stage', () => {
    const evening = {
      ...office,
      name: 'evening',
      start: '2026-11-02T13:00:00',
    };
    const gates = [office, evening].map(one => ({
      kind: 'freeze',
      options: { windows: [one] },
    }));
    // As windows of one gate, either would do.
    const morning = at('2026-11-23T09:00:00Z');
    expect(windowStanding([office, evening], morning).closed).toBe(false);
    expect(freezeStanding(gates, morning)).toEqual({
      closed: true,
      reason: 'Open only in the window "evening", which is not now.',
      nextOpen: '2026-11-23T12:00:00.000Z',
    });
    expect(freezeStanding([{ kind: 'soak', options: {} }], now).closed).toBe(
      false,
    );
  });

  it('says the same as a look at each minute', () => {
    const starts = fc.integer({ min: 0, max: 47 }).map(half => {
      const hour = String(Math.floor(half / 2)).padStart(2, '0');
      return `2026-10-24T${hour}:${half % 2 ? '30' : '00'}:00`;
    });
    const windows = fc.array(
      fc
        .record({
          effect: fc.constantFrom('allow' as const, 'deny' as const),
          start: starts,
          timeZone: fc.constantFrom('Europe/Berlin', 'America/New_York', 'UTC'),
          hours: fc.integer({ min: 1, max: 30 }),
          recurrence: fc.constantFrom(
            undefined,
            'FREQ=DAILY',
            'FREQ=DAILY;COUNT=3',
            'FREQ=WEEKLY;BYDAY=SU,MO',
          ),
        })
        .map(({ hours, ...rest }) =>
          window({ ...rest, duration: `PT${hours}H` }),
        ),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(windows, fc.integer({ min: 0, max: 96 }), (some, half) => {
        // Around the end of summer time in Berlin.
        const from = new Date(
          at('2026-10-24T00:00:00Z').getTime() + (half * HOUR) / 2,
        );
        const closedAt = (time: number) => {
          const active = some.filter(one =>
            windowOccurrences(
              one,
              new Date(time - 3 * DAY),
              new Date(time + 3 * DAY),
            ).some(
              span => span.from.getTime() <= time && time < span.to.getTime(),
            ),
          );
          return (
            active.some(({ effect }) => effect === 'deny') ||
            (some.some(({ effect }) => effect === 'allow') &&
              active.every(({ effect }) => effect === 'deny'))
          );
        };
        const standing = windowStanding(some, from);
        expect(standing.closed).toBe(closedAt(from.getTime()));
        // Nothing begins or ends but at half hours.
        const steps = Array.from(
          { length: 2 * 24 * 3 },
          (_, index) => from.getTime() + ((index + 1) * HOUR) / 2,
        );
        const change = steps.find(time => closedAt(time) !== standing.closed);
        const told = standing.nextOpen ?? standing.nextClose;
        // What changes later than these three days is told too.
        const toldInTime =
          told !== undefined && Date.parse(told) <= (steps.at(-1) ?? 0)
            ? told
            : undefined;
        expect(toldInTime).toBe(
          change === undefined ? undefined : new Date(change).toISOString(),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('freezeWindowSchema', () => {
  const wrong = (more: object) => {
    const result = freezeWindowSchema.safeParse({
      name: 'night',
      effect: 'deny',
      start: '2026-11-01T22:00:00',
      timeZone: 'Europe/Berlin',
      duration: 'PT8H',
      ...more,
    });
    return (
      result.error?.issues.map(({ message }) => message).join('\n') ?? 'fits'
    );
  };

  it.each<[string, object, string]>([
    [
      'an instant as its beginning',
      { start: '2026-11-01T22:00:00Z' },
      'local time',
    ],
    ['a fixed offset', { timeZone: '+01:00' }, 'IANA'],
    ['an unknown zone', { timeZone: 'Europe/Atlantis' }, 'IANA'],
    ['no length', { duration: 'PT0S' }, 'more than nothing'],
    ['two years', { duration: 'P731D' }, 'at most 400 days'],
    ['no frequency', { recurrence: 'BYDAY=FR' }, 'must begin with FREQ'],
    ['each second', { recurrence: 'FREQ=SECONDLY' }, 'FREQ'],
    ['each hour', { recurrence: 'FREQ=HOURLY' }, 'FREQ'],
    ['small letters', { recurrence: 'freq=daily' }, 'is none of'],
    ['a part twice', { recurrence: 'FREQ=DAILY;FREQ=WEEKLY' }, 'only once'],
    [
      'an exception in a line of its own',
      { recurrence: 'FREQ=DAILY\nEXDATE:20261225T000000' },
      'FREQ',
    ],
    [
      'another beginning',
      { recurrence: 'FREQ=DAILY;DTSTART=20200101T000000' },
      'is none of',
    ],
    [
      'a local end',
      { recurrence: 'FREQ=DAILY;UNTIL=20261225T000000' },
      'UNTIL',
    ],
    [
      'two ends',
      { recurrence: 'FREQ=DAILY;COUNT=2;UNTIL=20261225T000000Z' },
      'not both',
    ],
    [
      'numbered days of weeks',
      { recurrence: 'FREQ=WEEKLY;BYDAY=1MO' },
      'MONTHLY',
    ],
    ['weeks of months', { recurrence: 'FREQ=MONTHLY;BYWEEKNO=3' }, 'YEARLY'],
    [
      'days of the year in months',
      { recurrence: 'FREQ=MONTHLY;BYYEARDAY=3' },
      'YEARLY',
    ],
    [
      'days of the month in weeks',
      { recurrence: 'FREQ=WEEKLY;BYMONTHDAY=3' },
      'WEEKLY',
    ],
    [
      'a choice among nothing',
      { recurrence: 'FREQ=DAILY;BYSETPOS=1' },
      'another BY part',
    ],
    [
      'every minute',
      { recurrence: `FREQ=DAILY;BYMINUTE=${[...Array(40).keys()]}` },
      '24 times a day',
    ],
    [
      'two days, twice a day',
      { recurrence: 'FREQ=DAILY;BYHOUR=1,2', duration: 'P2D' },
      'at most a day',
    ],
  ])('refuses %s', (_, more, message) => {
    expect(wrong(more)).toContain(message);
  });

  it('takes every rule that it accepts without ado', () => {
    const part = <T>(name: string, value: fc.Arbitrary<T>) =>
      fc.option(
        value.map(one => `${name}=${one}`),
        { nil: undefined },
      );
    const list = (min: number, max: number) =>
      fc.array(
        fc.integer({ min, max }).filter(one => one !== 0),
        { minLength: 1, maxLength: 3 },
      );
    const rule = fc
      .tuple(
        fc
          .constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY')
          .map(one => `FREQ=${one}`),
        part('INTERVAL', fc.integer({ min: 1, max: 20 })),
        part('COUNT', fc.integer({ min: 1, max: 50 })),
        part('BYMONTH', list(1, 12)),
        part('BYMONTHDAY', list(-31, 31)),
        part('BYYEARDAY', list(-366, 366)),
        part('BYWEEKNO', list(-53, 53)),
        part(
          'BYDAY',
          fc.subarray(['MO', '1TU', '-1FR', 'SU'], { minLength: 1 }),
        ),
        part('BYHOUR', list(1, 23)),
        part('BYSETPOS', list(-5, 5)),
        part('WKST', fc.constantFrom('MO', 'SU')),
      )
      .map(parts => parts.filter(Boolean).join(';'));
    let accepted = 0;
    fc.assert(
      fc.property(rule, recurrence => {
        const parsed = freezeWindowSchema.safeParse({
          name: 'any',
          effect: 'deny',
          start: '2024-02-29T01:30:00',
          timeZone: 'Europe/Berlin',
          duration: 'PT8H',
          recurrence,
        });
        if (!parsed.success) {
          return true;
        }
        accepted += 1;
        const begins = windowOccurrences(
          parsed.data,
          at('2026-01-01T00:00:00Z'),
          at('2026-06-01T00:00:00Z'),
        ).map(({ from }) => from.getTime());
        return begins.every(
          (begin, index) => begin > (begins[index - 1] ?? -Infinity),
        );
      }),
      { numRuns: 300 },
    );
    expect(accepted).toBeGreaterThan(20);
  });
});

/** Offset of a zone in milliseconds at an instant, from the platform's own data. */
function offsetOf(timeZone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return instant => {
    const part = Object.fromEntries(
      format
        .formatToParts(instant)
        .map(({ type, value }) => [type, Number(value)]),
    );
    return (
      Date.UTC(
        part.year,
        part.month - 1,
        part.day,
        part.hour,
        part.minute,
        part.second,
      ) - instant
    );
  };
}

/** Midnights around a day, as if local time were UTC. */
function localDates(day: number): number[] {
  const midnight = Math.floor(day / DAY) * DAY;
  return Array.from({ length: 11 }, (_, index) => midnight + (index - 5) * DAY);
}

/**
 * The first instant at which a zone's clock shows a time; where it never does, the time read
 * with the offset before the jump.
 */
function instantOf(local: number, offset: (instant: number) => number): number {
  const before = offset(local - 1.5 * DAY);
  const after = offset(local + 1.5 * DAY);
  const shown = [local - before, local - after].filter(
    instant => instant + offset(instant) === local,
  );
  return shown.length > 0 ? Math.min(...shown) : local - before;
}
