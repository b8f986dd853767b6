import { isPersonRef, type AuditDraft } from '@portico/plugin-audit-common';
import { type Request } from 'express';

/** Who does something, and from where: the part of an entry that a request tells. */
export type AuditContext = Pick<
  AuditDraft,
  'actor' | 'onBehalfOf' | 'requestId' | 'sourceAddress'
>;

/** Header that carries the id of a request; the walls set it, whatever a caller sends. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** The audit context of a request of a signed-in user. */
export function auditContext(
  request: Request,
  principal: { userRef: string },
): AuditContext {
  return {
    actor: {
      kind: isPersonRef(principal.userRef) ? 'person' : 'machine',
      ref: principal.userRef,
    },
    ...requestContext(request),
  };
}

/** The audit context of a request of somebody who did not sign in (yet). */
export function anonymousAuditContext(request: Request): AuditContext {
  return { actor: { kind: 'anonymous' }, ...requestContext(request) };
}

/** The audit context of what the portal does by itself. */
export function pluginAuditContext(pluginId: string): AuditContext {
  return { actor: { kind: 'plugin', ref: `plugin:${pluginId}` } };
}

function requestContext(
  request: Request,
): Pick<AuditContext, 'requestId' | 'sourceAddress'> {
  const requestId = request.header(REQUEST_ID_HEADER);
  return {
    ...(requestId ? { requestId: requestId.slice(0, 100) } : {}),
    ...(request.ip ? { sourceAddress: request.ip } : {}),
  };
}
