import {
  type FreezeGateOptions,
  freezeGateOptionsSchema,
  stopsOf,
  windowStanding,
} from '@portico/plugin-promotions-common';
import { defineGate } from '@portico/plugin-promotions-node';

/** The environment is open: no stop of the line, no freeze, and one of its windows. */
export const freezeGate = defineGate<FreezeGateOptions>({
  kind: 'freeze',
  options: freezeGateOptionsSchema,
  async evaluate({ options, promotion, now, facts }) {
    const stops = stopsOf(await facts.stops(), promotion.environment);
    const standing = windowStanding(options.windows, now, stops);
    const { nextOpen, nextClose } = standing;
    return {
      outcome: standing.closed ? 'waiting' : 'passed',
      reason: standing.reason,
      evidence: {
        closed: standing.closed,
        windows: options.windows.map(({ name, effect }) => ({ name, effect })),
        stops: stops.map(({ id, scope, by, since, reason }) => ({
          id,
          scope,
          ...(by && { by }),
          since,
          reason,
        })),
        ...(nextOpen && { nextOpen }),
        ...(nextClose && { nextClose }),
      },
      ...(nextClose && { validUntil: new Date(nextClose) }),
      ...(nextOpen && { askAgainAt: new Date(nextOpen) }),
    };
  },
});
