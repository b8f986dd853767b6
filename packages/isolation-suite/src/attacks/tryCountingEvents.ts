import { z } from 'zod';
import { type Finding } from '../matrix/Finding';
import { type RunningPortal } from '../portal/RunningPortal';
import { type PortalClient } from '../world/PortalClient';
import { type World, type WorldTenant } from '../world/World';
import { attackerAndVictim, clientOf } from './attackers';

const eventsSchema = z.array(z.object({ id: z.number(), type: z.string() }));

/**
 * A tenant runs one template twice, and another tenant one of its own in between. The
 * numbers of the events must be the same: else they would count what others do.
 */
export async function tryCountingEvents(options: {
  portal: RunningPortal;
  world: World;
}): Promise<Finding[]> {
  const { portal, world } = options;
  const { attacker, victim } = attackerAndVictim(world);
  const run = async ({ id, things }: WorldTenant) =>
    numbersOfRun(
      clientOf(portal, world, 'developer', id),
      `template:${id}/${things.template}`,
    );
  const first = await run(attacker);
  await run(victim);
  const second = await run(attacker);
  return first === second
    ? []
    : [
        {
          kind: 'differs',
          where: `the events of tasks of ${attacker.id} before and after a task of ${victim.id}`,
          detail: `${first} and ${second}`,
        },
      ];
}

/** Runs a template to its end; the numbers of its events. */
async function numbersOfRun(
  developer: PortalClient,
  templateRef: string,
): Promise<string> {
  const { id } = await developer.post(
    '/api/scaffolder/v2/tasks',
    { templateRef, values: {} },
    z.object({ id: z.string() }),
  );
  const events = await developer.until(
    `The end of a task of ${templateRef}`,
    `/api/scaffolder/v2/tasks/${id}/events`,
    eventsSchema,
    list => list.some(({ type }) => type === 'completion'),
  );
  return events.map(event => event.id).join(' ');
}
