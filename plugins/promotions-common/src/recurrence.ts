/*
 * Recurrence rules of RFC 5545 as windows may use them: days, weeks, months and years, at
 * most 24 beginnings a day. What is checked here cannot smuggle in another property, and
 * costs little to expand.
 */

const MOST_BEGINNINGS_A_DAY = 24;

const weekday = '(?:MO|TU|WE|TH|FR|SA|SU)';
const ordinal = '[+-]?[1-9]\\d{0,2}';

/** Parts of a rule and how their values look. */
const parts = new Map<string, RegExp>([
  ['FREQ', /^(?:DAILY|WEEKLY|MONTHLY|YEARLY)$/],
  ['INTERVAL', /^[1-9]\d{0,2}$/],
  ['COUNT', /^[1-9]\d{0,3}$/],
  ['UNTIL', /^\d{8}T\d{6}Z$/],
  ['BYMONTH', listOf('(?:[1-9]|1[0-2])')],
  ['BYMONTHDAY', listOf('[+-]?(?:[1-9]|[12]\\d|3[01])')],
  ['BYYEARDAY', listOf(ordinal)],
  ['BYWEEKNO', listOf('[+-]?(?:[1-9]|[1-4]\\d|5[0-3])')],
  ['BYDAY', listOf(`(?:[+-]?(?:[1-9]|[1-4]\\d|5[0-3]))?${weekday}`)],
  ['BYHOUR', listOf('(?:\\d|1\\d|2[0-3])')],
  ['BYMINUTE', listOf('(?:\\d|[1-5]\\d)')],
  ['BYSETPOS', listOf(ordinal)],
  ['WKST', new RegExp(`^${weekday}$`)],
]);

/** A rule, part by part. */
export type Recurrence = ReadonlyMap<string, string>;

/** The parts of a rule that {@link recurrenceProblem} accepts. */
export function parseRecurrence(text: string): Recurrence {
  return new Map(
    text.split(';').map(part => {
      const sign = part.indexOf('=');
      return [part.slice(0, sign), part.slice(sign + 1)];
    }),
  );
}

/** Why a rule cannot be used, and what to write; undefined when it can. */
export function recurrenceProblem(text: string): string | undefined {
  const given = text.split(';').map(part => part.split('=')[0] ?? '');
  const repeated = given.find((name, index) => given.indexOf(name) !== index);
  if (repeated !== undefined) {
    return `must name ${repeated} only once`;
  }
  const rule = parseRecurrence(text);
  for (const [name, value] of rule) {
    const shape = parts.get(name);
    if (!shape) {
      return `must be parts such as FREQ=WEEKLY;BYDAY=FR: "${name}" is none of ${[
        ...parts.keys(),
      ].join(', ')}`;
    }
    if (!shape.test(value)) {
      return `has a value of ${name} that cannot be used: "${value}"`;
    }
  }
  return combinationProblem(rule);
}

/** How often a rule begins on one day at most. */
export function beginningsADay(rule: Recurrence): number {
  return valuesOf(rule, 'BYHOUR') * valuesOf(rule, 'BYMINUTE');
}

function combinationProblem(rule: Recurrence): string | undefined {
  const frequency = rule.get('FREQ');
  const ordinalDays = /\d/.test(rule.get('BYDAY') ?? '');
  const found: Array<[boolean, string]> = [
    [frequency === undefined, 'must begin with FREQ, as in FREQ=WEEKLY'],
    [
      rule.has('COUNT') && rule.has('UNTIL'),
      'must have COUNT or UNTIL, not both',
    ],
    [
      rule.has('BYWEEKNO') && frequency !== 'YEARLY',
      'can have BYWEEKNO with FREQ=YEARLY only',
    ],
    [
      rule.has('BYYEARDAY') && frequency !== 'YEARLY',
      'can have BYYEARDAY with FREQ=YEARLY only',
    ],
    [
      rule.has('BYMONTHDAY') && frequency === 'WEEKLY',
      'cannot have BYMONTHDAY with FREQ=WEEKLY',
    ],
    [
      ordinalDays &&
        (rule.has('BYWEEKNO') ||
          (frequency !== 'MONTHLY' && frequency !== 'YEARLY')),
      'can number the days of BYDAY with FREQ=MONTHLY or FREQ=YEARLY only, without BYWEEKNO',
    ],
    [
      rule.has('BYSETPOS') &&
        ![...rule.keys()].some(
          name => name.startsWith('BY') && name !== 'BYSETPOS',
        ),
      'can have BYSETPOS only together with another BY part',
    ],
    [
      beginningsADay(rule) > MOST_BEGINNINGS_A_DAY,
      `must begin at most ${MOST_BEGINNINGS_A_DAY} times a day: use fewer values of BYHOUR and BYMINUTE`,
    ],
  ];
  return found.find(([wrong]) => wrong)?.[1];
}

function valuesOf(rule: Recurrence, name: string): number {
  return new Set(rule.get(name)?.split(',') ?? ['']).size;
}

function listOf(value: string): RegExp {
  return new RegExp(`^${value}(?:,${value}){0,49}$`);
}
