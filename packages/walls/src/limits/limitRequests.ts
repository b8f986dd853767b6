import { type BackstageCredentials } from '@backstage/backend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import { type Request, type RequestHandler, type Response } from 'express';
import { findRoute, type GuardOptions } from '../http/guardRoutes';
import { tellTenant } from '../http/logRequests';
import { type RequestCounters } from './RequestCounters';
import { TooManyRequestsError } from './TooManyRequestsError';

/** So long a refusal waits: who asks again at once would cost as much as who is answered. */
const PAUSE_MILLISECONDS = 1_000;
/** Beyond so many that wait, a refusal comes at once. */
const MOST_PAUSED = 2_000;

/**
 * Counts each request: of a signed-in user for the user and the tenant, of anybody else
 * for the address. What plugins ask of each other is not counted; it was when it began.
 * Who is over a limit hears of it after a pause.
 */
export function limitRequests(
  options: GuardOptions & { counters: Pick<RequestCounters, 'count'> },
): RequestHandler {
  const { auth, httpAuth, counters } = options;

  async function count(request: Request, response: Response): Promise<void> {
    const who = findRoute(request, options)?.who;
    let credentials: BackstageCredentials;
    try {
      credentials = await httpAuth.credentials(request, {
        allow: ['user', 'service', 'none'],
        // As the guard asks, so that the session is looked up once.
        allowLimitedAccess: who?.includes('user-cookie'),
      });
    } catch (error) {
      // Wrong tokens are tried from somewhere, and cost a check each.
      counters.count('address', addressOf(request));
      if (who?.includes('public')) {
        return;
      }
      throw error;
    }
    if (auth.isPrincipal(credentials, 'user')) {
      if (credentials.principal.actor) {
        return;
      }
      const userRef = credentials.principal.userEntityRef;
      const tenant = parseEntityRef(userRef).namespace;
      tellTenant(response, tenant);
      counters.count('user', userRef);
      // Only who is within the own limit counts for the tenant, so that one person
      // cannot use up the limit of all.
      counters.count('tenant', tenant);
    } else if (auth.isPrincipal(credentials, 'none')) {
      counters.count('address', addressOf(request));
    }
  }

  let paused = 0;
  return (request, response, next) => {
    count(request, response).then(
      () => next(),
      error => {
        if (!(error instanceof TooManyRequestsError)) {
          next(error);
          return;
        }
        response.setHeader('Retry-After', String(error.retryAfter));
        if (paused >= MOST_PAUSED) {
          next(error);
          return;
        }
        paused += 1;
        const pause = setTimeout(
          () => response.destroyed || next(error),
          PAUSE_MILLISECONDS,
        );
        response.once('close', () => {
          clearTimeout(pause);
          paused -= 1;
        });
      },
    );
  };
}

function addressOf(request: Request): string {
  return request.ip ?? 'unknown';
}
