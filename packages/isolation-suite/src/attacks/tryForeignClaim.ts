import { z } from 'zod';
import { type Finding } from '../matrix/Finding';
import { query } from '../operations/Operation';
import { CLUSTER } from '../portal/StandInCluster';
import { type RunningPortal } from '../portal/RunningPortal';
import { type World } from '../world/World';
import { attackerAndVictim, clientOf } from './attackers';

/**
 * A tenant's own entity claims the namespace of another tenant in the cluster. It must be
 * shown what lies in its own namespace, and nothing of the other's.
 */
export async function tryForeignClaim(options: {
  portal: RunningPortal;
  world: World;
}): Promise<Finding[]> {
  const { portal, world } = options;
  const { attacker, victim } = attackerAndVictim(world);
  const developer = clientOf(portal, world, 'developer', attacker.id);
  const where = `an entity of ${attacker.id} that claims a namespace of ${victim.id}`;
  /** All that can be read of what an entity claims; refusals count as nothing. */
  const readAll = async (component: string, namespace: string) => {
    const entityRef = `component:${attacker.id}/${component}`;
    const place = { entityRef, cluster: CLUSTER, namespace };
    const answers = await Promise.allSettled([
      developer.post(
        '/api/kubernetes/resources/workloads/query',
        { entityRef, auth: {} },
        z.unknown(),
      ),
      ...[
        `log${query({ ...place, pod: 'pod', container: 'main' })}`,
        `events${query({ ...place, object: 'pod' })}`,
        `describe${query({ ...place, kind: 'Pod', name: 'pod' })}`,
      ].map(path => developer.get(`/api/kubernetes/read/${path}`, z.unknown())),
    ]);
    return answers.map(answer =>
      answer.status === 'fulfilled' ? JSON.stringify(answer.value) : '',
    );
  };
  const findings: Finding[] = [];
  const own = await readAll(
    attacker.things.component,
    attacker.things.namespace,
  );
  const unread = own.filter(text => !text.includes(attacker.canaries.stem));
  if (unread.length > 0) {
    findings.push({
      kind: 'own thing lost',
      where,
      detail: `${unread.length} of ${own.length} ways to read the own namespace tell nothing of it`,
    });
  }
  const foreign = await readAll(attacker.things.thief, victim.things.namespace);
  const leaks = foreign.filter(text => text.includes(victim.canaries.stem));
  return [
    ...findings,
    ...leaks.map(text => ({
      kind: 'foreign words' as const,
      where,
      detail: text.slice(0, 1000),
    })),
  ];
}
