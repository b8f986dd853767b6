import { PortalClient } from '../world/PortalClient';
import { principalOf } from '../matrix/matrixCells';
import { type RunningPortal } from '../portal/RunningPortal';
import { type PrincipalKind } from '../principals/Principal';
import { type World, type WorldTenant } from '../world/World';

/** The tenant that tries, and the one that it tries to reach. */
export function attackerAndVictim(world: World): {
  attacker: WorldTenant;
  victim: WorldTenant;
} {
  const [attacker, victim] = world.tenants.filter(({ isEmpty }) => !isEmpty);
  return { attacker, victim };
}

/** The API as somebody of the suite's world. */
export function clientOf(
  portal: RunningPortal,
  world: World,
  kind: PrincipalKind,
  tenant: string,
): PortalClient {
  const { headers } = principalOf(world, kind, tenant);
  return new PortalClient(portal.url, headers.authorization?.split(' ')[1]);
}
