import { environmentNameSchema } from '@portico/plugin-promotions-common';
import { defineGate } from '@portico/plugin-promotions-node';
import { ServiceUnavailableError } from '@backstage/errors';
import { z } from 'zod';
import { runsRelease } from './runsRelease';

const optionsSchema = z.strictObject({
  /** The one that is promoted to, unless told. */
  environment: environmentNameSchema.optional(),
  /** The release that is promoted has to be what runs there. */
  runsRelease: z.boolean().default(false),
});

/**
 * An environment is well now: nothing is promoted on top of an incident, or past an
 * environment that is ill. Where nothing was deployed yet, nothing is ill.
 */
export const healthGate = defineGate<z.infer<typeof optionsSchema>>({
  kind: 'health',
  options: optionsSchema,
  async evaluate({ options, promotion, facts }) {
    const environment = options.environment ?? promotion.environment;
    const observation = await facts.observe(environment);
    if (!observation) {
      throw new ServiceUnavailableError(
        `Nothing can be observed in ${environment}, which is plain Git: take the gate out, or use another driver`,
      );
    }
    const { health, reason, source, url } = observation;
    if (health === 'unknown') {
      throw new ServiceUnavailableError(
        `${source} does not say how it is in ${environment}: ${reason}`,
      );
    }
    const evidence = {
      environment,
      health,
      source,
      reason,
      running: observation.running.slice(0, 20),
      ...(url && { url }),
    };
    if (options.runsRelease && !runsRelease(observation, promotion.release)) {
      return {
        outcome: 'waiting',
        reason: `Something else than ${promotion.release.content.version} runs in ${environment}: promote it there first.`,
        evidence,
      };
    }
    if (health === 'healthy') {
      return {
        outcome: 'passed',
        reason: `${environment} is healthy, says ${source}.`,
        evidence,
      };
    }
    if (
      health === 'missing' &&
      (await facts.deployments(environment)).length === 0
    ) {
      return {
        outcome: 'passed',
        reason: `Nothing was deployed to ${environment} yet.`,
        evidence,
      };
    }
    return {
      outcome: 'waiting',
      reason: `${environment} is ${health}, says ${source}: ${reason}`,
      evidence,
    };
  },
});
