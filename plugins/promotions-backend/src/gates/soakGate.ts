import {
  durationMilliseconds,
  durationSchema,
  environmentNameSchema,
  type GateResult,
  type Observation,
  type Release,
} from '@portico/plugin-promotions-common';
import { defineGate } from '@portico/plugin-promotions-node';
import { ServiceUnavailableError } from '@backstage/errors';
import { z } from 'zod';
import { runsRelease } from './runsRelease';
import { longestStay, type Stay, staysOf } from './stays';

const optionsSchema = z.strictObject({
  /** Where it has to have been. */
  environment: environmentNameSchema,
  /** For how long without a break. */
  duration: durationSchema,
  /** `notNeeded` where nothing can be observed, as with plain Git: then time is enough. */
  health: z.enum(['required', 'notNeeded']).default('required'),
});
type SoakOptions = z.infer<typeof optionsSchema>;

/** What is carried on from one time of asking to the next. */
const carriedSchema = z.object({
  environment: z.string(),
  release: z.string(),
  restartedAt: z.iso.datetime().optional(),
});

/**
 * The release ran in another environment, without a break and healthily, for so long. The
 * longest stay counts, and one that is over too, unless it was ended by a rollback. Health is
 * looked at whenever the gate is asked: found ill, the time begins anew.
 */
export const soakGate = defineGate<SoakOptions>({
  kind: 'soak',
  options: optionsSchema,
  async evaluate({ options, promotion, now, facts, previous }) {
    const { environment } = options;
    const { release } = promotion;
    const needed = durationMilliseconds(options.duration);
    const stays = staysOf(release.id, await facts.deployments(environment));
    const carried = carriedFrom(previous, { environment, release: release.id });
    const evidence = {
      environment,
      release: release.id,
      duration: options.duration,
      stays: stays.slice(-5).map(stay => ({
        from: stay.from.toISOString(),
        ...(stay.to && { to: stay.to.toISOString() }),
        endedByRollback: stay.endedByRollback,
      })),
      ...(carried && { restartedAt: carried.toISOString() }),
    };
    const over = longestStay(stays.filter(({ to }) => to !== undefined));
    if (over && over.milliseconds >= needed) {
      return {
        outcome: 'passed',
        reason: `It ran in ${environment} from ${minuteOf(
          over.stay.from,
        )} to ${minuteOf(over.stay.to ?? now)}.`,
        evidence,
      };
    }
    const current = stays.find(({ to }) => to === undefined);
    if (!current) {
      return {
        outcome: 'waiting',
        reason:
          stays.length === 0
            ? `It has not run in ${environment} yet: promote it there first.`
            : `It does not run in ${environment} any more, and did not for long enough: promote it there again.`,
        evidence,
      };
    }
    const observed =
      options.health === 'required'
        ? judgeHealth(await facts.observe(environment), environment, release)
        : { healthy: true as const, evidence: {} };
    if (!observed.healthy) {
      return {
        outcome: 'waiting',
        reason: `${observed.reason} Its time there begins anew when it is well.`,
        evidence: {
          ...evidence,
          ...observed.evidence,
          restartedAt: now.toISOString(),
        },
      };
    }
    const from = beginOf(current, carried);
    const doneAt = new Date(from.getTime() + needed);
    return {
      ...(doneAt <= now
        ? {
            outcome: 'passed' as const,
            reason: `It has run in ${environment} since ${minuteOf(from)}.`,
          }
        : {
            outcome: 'waiting' as const,
            reason: `It has run in ${environment} since ${minuteOf(
              from,
            )}; that is long enough at ${minuteOf(doneAt)}.`,
            // Not only at the end: illness in between has to be seen.
            askAgainAt: new Date(
              Math.min(doneAt.getTime(), now.getTime() + 5 * 60_000),
            ),
          }),
      evidence: { ...evidence, ...observed.evidence },
    };
  },
});

/** When the time began anew, as the gate said when it was asked last. */
function carriedFrom(
  previous: GateResult | undefined,
  of: { environment: string; release: string },
): Date | undefined {
  const carried = carriedSchema.safeParse(previous?.evidence);
  return carried.success &&
    carried.data.restartedAt !== undefined &&
    carried.data.environment === of.environment &&
    carried.data.release === of.release
    ? new Date(carried.data.restartedAt)
    : undefined;
}

function beginOf({ from }: Stay, carried: Date | undefined): Date {
  return carried && carried > from ? carried : from;
}

type Health =
  | { healthy: true; evidence: { health?: string; source?: string } }
  | {
      healthy: false;
      reason: string;
      evidence: { health: string; source: string };
    };

/** @throws ServiceUnavailableError when nobody can tell */
function judgeHealth(
  observation: Observation | undefined,
  environment: string,
  release: Release,
): Health {
  if (!observation) {
    throw new ServiceUnavailableError(
      `Nothing can be observed in ${environment}, so nobody can tell whether it is healthy there: set "health: notNeeded" for a soak by time alone`,
    );
  }
  const { health, source, reason } = observation;
  if (health === 'unknown') {
    throw new ServiceUnavailableError(
      `${source} does not say how it is in ${environment}: ${reason}`,
    );
  }
  const evidence = { health, source };
  if (!runsRelease(observation, release)) {
    return {
      healthy: false,
      reason: `Something else runs in ${environment} than was deployed, says ${source}.`,
      evidence,
    };
  }
  return health === 'healthy'
    ? { healthy: true, evidence }
    : {
        healthy: false,
        reason: `It is ${health} in ${environment}, says ${source}: ${reason}.`,
        evidence,
      };
}

function minuteOf(instant: Date): string {
  return `${instant.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
