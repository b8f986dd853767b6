import { type FrozenStage } from '@portico/plugin-promotions-common';
import { type Application } from '../client/application';
import {
  type Answer,
  type ApplicationAddress,
  type ArgoCdClient,
  type RolloutName,
} from '../client/ArgoCdClient';
import { type Rollout } from '../client/rollout';

const MOST_ROLLOUTS = 5;

/** The rollouts that an application declares. */
export function rolloutsOf({ status }: Application): RolloutName[] {
  return (status?.resources ?? [])
    .filter(({ group, kind }) => group === 'argoproj.io' && kind === 'Rollout')
    .map(({ namespace, name }) => ({ namespace, name }));
}

/** Reads them as they are; at most a few, which is more than an application has. */
export async function readRollouts(
  client: ArgoCdClient,
  address: ApplicationAddress,
  application: Application,
  signal: AbortSignal,
): Promise<Answer<Rollout[]>> {
  const found: Rollout[] = [];
  for (const name of rolloutsOf(application).slice(0, MOST_ROLLOUTS)) {
    const answer = await client.rollout(address, name, signal);
    if (answer.outcome === 'refused') {
      return answer;
    }
    found.push(answer.value);
  }
  return { outcome: 'answered', value: found };
}

/** Why a strategy cannot be followed: without a rollout everything changes at once. */
export function noRollout(
  { name }: ApplicationAddress,
  strategy: FrozenStage['strategy'],
): string {
  return `The pipeline asks for ${
    strategy === 'blueGreen' ? 'blue-green' : strategy
  }, and ${name} declares no Rollout of Argo Rollouts, so all would change at once: declare one, or let the stage say rolling`;
}
