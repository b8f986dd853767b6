import { auditContext } from '@portico/plugin-audit-node';
import { type PromotionActor } from '@portico/plugin-promotions-node';
import { type Request } from 'express';
import { type MayFacts } from '../queries/mayDo';
import { type VotingActor } from '../service/PromotionService';
import { type Caller, type DeliveryAccess } from './DeliveryAccess';

/** The caller as somebody who asks for something. */
export function actorOf(request: Request, caller: Caller): PromotionActor {
  const { principal, tenant } = caller;
  return {
    tenant,
    ref: principal.userRef,
    context: auditContext(request, principal),
  };
}

/** The caller as somebody whose word may count. */
export function votingActorOf(request: Request, caller: Caller): VotingActor {
  const { kind, groups, roles, authenticatedAt } = caller.principal;
  return {
    ...actorOf(request, caller),
    kind,
    belongsTo: [...groups, ...roles.map(role => `role:${role}`)],
    ...(authenticatedAt && { authTime: authenticatedAt }),
  };
}

/** The caller as the pages need to know to tell what somebody may do. */
export async function viewerOf(
  access: DeliveryAccess,
  caller: Caller,
): Promise<MayFacts['caller']> {
  return {
    ref: caller.principal.userRef,
    kind: caller.principal.kind,
    holds: await access.permissionsOf(caller),
  };
}
