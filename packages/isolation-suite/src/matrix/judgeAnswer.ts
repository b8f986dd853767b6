import { type OpenRoute, type Route } from '@portico/walls';
import { type PortalAnswer, type PortalRequest } from '../http/PortalAnswer';
import { type Operation } from '../operations/Operation';
import {
  platformKinds,
  type Principal,
  refusedKinds,
} from '../principals/Principal';
import { type Things } from '../world/Things';
import { type World } from '../world/World';
import { findForeignWords } from './findForeignWords';
import { type FindingKind } from './Finding';
import { firstDifference } from './firstDifference';

const NOTHING_HERE = 'There is nothing at this address';
const SHOWN = 1500;

/** One request and all that is needed to judge its answer. */
export interface Cell {
  world: World;
  operation: Operation;
  /** The row that the path falls on; undefined where none does. */
  route: Route | undefined;
  principal: Principal;
  of: Things;
  /** The things of the caller's own tenant. */
  own: Things;
  request: PortalRequest;
  answer: PortalAnswer;
  /** The answer, normalised. */
  normal: string;
  /** The normalised answer for what does not exist, where that is asked otherwise. */
  reference?: string;
}

/** What is wrong with an answer; nothing when all is well. */
export function judgeAnswer(
  cell: Cell,
): Array<{ kind: FindingKind; detail: string }> {
  const { operation, answer, principal, route } = cell;
  if (answer.trouble !== undefined || answer.status >= 500) {
    return [{ kind: 'failure', detail: show(answer) }];
  }
  const found: Array<{ kind: FindingKind; detail: string }> = [];
  if (!route || route.who === 'closed') {
    if (!isNothingHere(answer, cell.request)) {
      found.push({ kind: 'unexpected status', detail: show(answer) });
    }
  } else if (!mayPass(route, principal)) {
    if (![400, 401, 403, 404, 413].includes(answer.status)) {
      found.push({ kind: 'let in', detail: show(answer) });
    }
  } else if (
    operation.expected &&
    !operation.expected.includes(answer.status) &&
    answer.status !== 404
  ) {
    found.push({ kind: 'unexpected status', detail: show(answer) });
  }
  if (!operation.shows) {
    const words = findForeignWords({
      ...cell,
      allowed: { tenants: allowedTenants(cell) },
      remembers: operation.remembers,
    });
    if (words.length > 0) {
      found.push({
        kind: 'foreign words',
        detail: `${words.slice(0, 5).join(', ')} in ${show(answer)}`,
      });
    }
  }
  if (
    cell.reference !== undefined &&
    cell.reference !== cell.normal &&
    !operation.incomparable &&
    !seesByRight(cell)
  ) {
    found.push({
      kind: 'differs',
      detail: firstDifference(cell.normal, cell.reference),
    });
  }
  return found;
}

function show(answer: PortalAnswer): string {
  return answer.trouble ?? `${answer.status} ${answer.body.slice(0, SHOWN)}`;
}

/** Whether the row itself lets this caller come to the plugin. */
function mayPass(route: OpenRoute, { kind }: Principal): boolean {
  if (route.who.includes('public')) {
    return true;
  }
  return (
    !refusedKinds.has(kind) &&
    (route.who.includes('user') || route.who.includes('user-cookie'))
  );
}

function isNothingHere(
  answer: PortalAnswer,
  { method, upgrade }: PortalRequest,
) {
  if (answer.status !== 404) {
    return false;
  }
  return upgrade || method === 'HEAD' || answer.body.includes(NOTHING_HERE);
}

/** Whether it is the caller's task to see what was asked for. */
function seesByRight({ operation, principal }: Cell): boolean {
  switch (operation.platform) {
    case undefined:
      return false;
    case 'named tenant':
    case 'all tenants':
      return principal.kind === 'platform-admin';
    case 'chains':
      return principal.kind === 'auditor';
    default: {
      const impossible: never = operation.platform;
      throw new Error(`Unknown view ${String(impossible)}`);
    }
  }
}

/** Tenants whose words the answer may hold. */
function allowedTenants(cell: Cell): Set<string> {
  const { world, principal, of, operation } = cell;
  if (refusedKinds.has(principal.kind)) {
    // Nobody is told anything of the tenant they were in.
    return new Set();
  }
  const allowed = new Set([principal.tenant]);
  const isAdministrator = principal.kind === 'platform-admin';
  if (operation.platform === 'named tenant' && isAdministrator) {
    allowed.add(of.tenant);
  }
  if (
    (operation.platform === 'all tenants' && isAdministrator) ||
    (operation.platform === 'chains' && platformKinds.has(principal.kind))
  ) {
    world.tenants.forEach(({ id }) => allowed.add(id));
  }
  return allowed;
}
