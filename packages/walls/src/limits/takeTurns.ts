import { parseEntityRef } from '@backstage/catalog-model';
import { type Request, type RequestHandler } from 'express';
import { findRoute, type GuardOptions } from '../http/guardRoutes';
import { type AllTurns } from './tenantTurnsServiceRef';
import { TooManyRequestsError } from './TooManyRequestsError';

/** A request that had no turn until then is refused. */
const PATIENCE_MILLISECONDS = 20_000;

/**
 * Lets the requests of a tenant's users run a few at a time, and lists of all tenants in
 * turn. What a plugin asks on behalf
 * of a user takes no turn: the request that it belongs to has one. Neither does what
 * answers for as long as the caller listens.
 */
export function takeTurns(
  options: GuardOptions & { turns: AllTurns },
): RequestHandler {
  const { auth, httpAuth, turns } = options;

  async function tenantOf(request: Request): Promise<string | undefined> {
    const route = findRoute(request, options);
    if (!route || route.staysOpen || route.who.includes('public')) {
      return undefined;
    }
    const credentials = await httpAuth.credentials(request, {
      allowLimitedAccess: route.who.includes('user-cookie'),
    });
    return auth.isPrincipal(credentials, 'user') && !credentials.principal.actor
      ? parseEntityRef(credentials.principal.userEntityRef).namespace
      : undefined;
  }

  return (request, response, next) => {
    tenantOf(request)
      .then(tenant => {
        // Who is gone already must not hold a turn for ever.
        if (tenant === undefined || response.destroyed) {
          next();
          return;
        }
        let began = false;
        let patience: NodeJS.Timeout | undefined;
        const { lists, others } = turns;
        const kind = findRoute(request, options)?.listsMany ? lists : others;
        const end = kind.take(tenant, () => {
          began = true;
          clearTimeout(patience);
          next();
        });
        if (!began) {
          patience = setTimeout(() => {
            end();
            response.setHeader('Retry-After', '5');
            next(
              new TooManyRequestsError(
                'Too many requests of this tenant run at once: try again in some seconds',
                5,
              ),
            );
          }, PATIENCE_MILLISECONDS);
        }
        response.once('close', () => {
          clearTimeout(patience);
          end();
        });
      })
      .catch(next);
  };
}
