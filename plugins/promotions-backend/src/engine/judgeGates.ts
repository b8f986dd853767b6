import {
  type FrozenGate,
  type GateResult,
  type Override,
} from '@portico/plugin-promotions-common';

/** A gate's word, and when asking again is worth it. */
export type AskedGate = GateResult & { askAgainAt?: string };

/** What all gates together come to. */
export interface GatesVerdict {
  outcome: 'passed' | 'waiting' | 'refused' | 'rejected';
  /** With overrides applied, in the order of the stage. */
  results: AskedGate[];
  overridden: boolean;
  /** One sentence for people. */
  reason: string;
  /** The earliest instant at which the outcome may be another one. */
  askAgainAt?: Date;
}

/**
 * Adds up what gates said. Every gate of the stage has to have passed on what is shown, or
 * be gone past by break glass: nothing else is a yes, least of all silence.
 *
 * @param gates - of the frozen stage
 * @param asked - answers of this round
 */
export function judgeGates(options: {
  gates: readonly FrozenGate[];
  asked: readonly AskedGate[];
  subjectDigest: string;
  overrides: readonly Override[];
  now: Date;
}): GatesVerdict {
  const { gates, now } = options;
  const active = options.overrides.filter(one => isActive(one, now));
  const results = options.asked.map(result => override(result, active));
  // The asker may ask more than the stage does, such as whether the line is stopped.
  const names = new Set([
    ...gates.map(({ name }) => name),
    ...results.map(({ gate }) => gate),
  ]);
  const passes = (name: string) =>
    results.some(
      result =>
        result.gate === name &&
        result.subject === options.subjectDigest &&
        (result.outcome === 'overridden' ||
          (result.outcome === 'passed' && isValid(result, now))),
    );
  const refused = results.filter(({ outcome }) => outcome === 'failed');
  const waiting = [...names].filter(name => !passes(name));
  const times = [
    ...results.flatMap(result => [
      ...(result.outcome === 'passed' ? [] : [result.askAgainAt]),
      result.validUntil,
    ]),
    ...active.map(({ expiresAt }) => expiresAt),
  ]
    .filter(time => time !== undefined)
    .map(time => Date.parse(time))
    .filter(time => time > now.getTime());
  const overridden = results.some(({ outcome }) => outcome === 'overridden');
  const more = {
    results,
    overridden,
    ...(times.length > 0 && { askAgainAt: new Date(Math.min(...times)) }),
  };
  if (refused.length > 0) {
    return {
      ...more,
      // what an approval refuses is the reject of a person
      outcome: refused.some(({ kind }) => kind === 'approval')
        ? 'rejected'
        : 'refused',
      reason: refused.map(told).join(' '),
    };
  }
  if (waiting.length > 0) {
    return {
      ...more,
      outcome: 'waiting',
      reason: waiting
        .map(name => {
          const result = results.find(({ gate }) => gate === name);
          return result ? told(result) : `${name}: it has not answered.`;
        })
        .join(' '),
    };
  }
  return {
    ...more,
    outcome: 'passed',
    reason: passedReason(gates.length, overridden),
  };
}

/** Confirmed by a second person and not over. */
function isActive({ confirmed, expiresAt }: Override, now: Date): boolean {
  return confirmed !== undefined && Date.parse(expiresAt) > now.getTime();
}

function isValid({ validUntil }: GateResult, now: Date): boolean {
  return validUntil === undefined || Date.parse(validUntil) > now.getTime();
}

/** A no for good cannot be gone past. */
function override(result: AskedGate, active: readonly Override[]): AskedGate {
  const by = active.find(({ gates }) => gates.includes(result.gate));
  if (
    !by ||
    (result.outcome !== 'waiting' && result.outcome !== 'unanswered')
  ) {
    return result;
  }
  return {
    ...result,
    outcome: 'overridden',
    reason: `Gone past with ${by.ticket}: ${result.reason}`,
  };
}

function told({ gate, reason }: GateResult): string {
  return `${gate}: ${reason}${/[.!?…]$/.test(reason) ? '' : '.'}`;
}

function passedReason(gates: number, overridden: boolean): string {
  if (gates === 0) {
    return 'Nothing is asked before this environment';
  }
  return overridden ? 'All gates passed or were gone past' : 'All gates passed';
}
