import {
  type AuthService,
  type HttpAuthService,
  type LoggerService,
} from '@backstage/backend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import { type PorticoDatabase } from '@portico/database';
import {
  anonymousAuditContext,
  type AuditContext,
  recordAudit,
  signedInAs,
} from '@portico/plugin-audit-node';
import { type ErrorRequestHandler, type Request } from 'express';
import { z } from 'zod';
import { findRoute } from '../http/guardRoutes';
import { type OpenRoute } from '../routes/Route';
import { type RouteTable } from '../routes/RouteTable';
import { wallsAuditActs } from './auditActs';

const errorSchema = z.object({
  name: z.string().optional(),
  message: z.string().optional(),
  status: z.number().optional(),
  statusCode: z.number().optional(),
  /** Name of the permission that was missing, where the one who refused says it. */
  permission: z.string().optional(),
});

/**
 * Records that a signed-in caller was answered 403 on a route that writes.
 *
 * The answer waits for the entry. It stays a refusal when the entry cannot be written:
 * nothing happened that would have to be undone.
 */
export function recordRefusals(options: {
  pluginId: string;
  table: RouteTable;
  auth: Pick<AuthService, 'isPrincipal'>;
  httpAuth: Pick<HttpAuthService, 'credentials'>;
  database: PorticoDatabase;
  logger: LoggerService;
}): ErrorRequestHandler {
  const { pluginId, database, logger } = options;
  return (error, req, _res, next) => {
    const route = findRoute(req, options);
    const refusal = errorSchema.safeParse(error).data;
    if (!route || !writes(route) || !refusal || statusOf(refusal) !== 403) {
      next(error);
      return;
    }
    const name = `/api/${pluginId}${route.path}`;
    findCaller(req, options)
      .then(async caller => {
        if (caller) {
          await recordAudit(database, {
            chain: caller.tenant,
            act: wallsAuditActs.refuse,
            context: caller.context,
            subject: { kind: 'route', ref: `${route.method} ${name}` },
            outcome: 'refused',
            reason: refusal.message,
            details: {
              method: req.method,
              route: name,
              ...(refusal.permission && { permission: refusal.permission }),
            },
          });
        }
      })
      .catch(failure =>
        logger.error(
          `A refused ${route.method} ${name} could not be recorded`,
          failure,
        ),
      )
      .finally(() => next(error));
  };
}

/** Who asked; undefined when nobody is signed in. */
async function findCaller(
  req: Request,
  {
    auth,
    httpAuth,
  }: Pick<Parameters<typeof recordRefusals>[0], 'auth' | 'httpAuth'>,
): Promise<{ tenant: string; context: AuditContext } | undefined> {
  const credentials = await httpAuth
    .credentials(req, { allowLimitedAccess: true })
    .catch(() => undefined);
  if (!credentials || !auth.isPrincipal(credentials, 'user')) {
    return undefined;
  }
  const { userEntityRef, actor } = credentials.principal;
  const request = anonymousAuditContext(req);
  return {
    tenant: parseEntityRef(userEntityRef).namespace,
    context: actor
      ? {
          ...request,
          actor: { kind: 'plugin', ref: actor.subject },
          onBehalfOf: userEntityRef,
        }
      : signedInAs(request, userEntityRef),
  };
}

function writes(route: OpenRoute): boolean {
  return route.method !== 'GET' || route.records !== undefined;
}

/** The status that the stock error handler answers with, as far as it matters here. */
function statusOf(error: z.infer<typeof errorSchema>): number {
  return (
    error.statusCode ??
    error.status ??
    (error.name === 'NotAllowedError' ? 403 : 500)
  );
}
