import { isPersonRef, type AuditDraft } from '@portico/plugin-audit-common';
import { type Request } from 'express';

/** Who does something, and from where: the part of an entry that a request tells. */
export type AuditContext = Pick<
  AuditDraft,
  'actor' | 'onBehalfOf' | 'requestId' | 'sourceAddress' | 'correlation'
>;

/** Header that carries the id of a request; the walls set it, whatever a caller sends. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** The audit context of a request of a signed-in user. */
export function auditContext(
  request: Request,
  principal: { userRef: string },
): AuditContext {
  return signedInAs(anonymousAuditContext(request), principal.userRef);
}

/** The audit context of a request of somebody who did not sign in (yet). */
export function anonymousAuditContext(request: Request): AuditContext {
  const requestId = request.header(REQUEST_ID_HEADER);
  return {
    actor: { kind: 'anonymous' },
    ...(requestId ? { requestId: requestId.slice(0, 100) } : {}),
    ...(request.ip ? { sourceAddress: request.ip } : {}),
  };
}

/** The same request, once it is known who sent it. */
export function signedInAs(
  context: AuditContext,
  userRef: string,
): AuditContext {
  return {
    ...context,
    actor: { kind: isPersonRef(userRef) ? 'person' : 'machine', ref: userRef },
  };
}

/**
 * The audit context of what the portal does by itself.
 *
 * @param more - the person whom it is done for, and what joins it with other entries
 */
export function pluginAuditContext(
  pluginId: string,
  more: Pick<AuditContext, 'onBehalfOf' | 'correlation'> = {},
): AuditContext {
  return { actor: { kind: 'plugin', ref: `plugin:${pluginId}` }, ...more };
}
