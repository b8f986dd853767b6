import {
  type AuthService,
  type BackstageCredentials,
  type HttpAuthService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import { type RequestHandler } from 'express';
import { type OpenRoute } from '../routes/Route';
import { type RouteTable } from '../routes/RouteTable';
import { nothingHere } from './nothingHere';

export interface GuardOptions {
  pluginId: string;
  table: RouteTable;
  auth: Pick<AuthService, 'isPrincipal'>;
  httpAuth: Pick<HttpAuthService, 'credentials'>;
}

/**
 * Lets a request pass to a plugin only when the table has an open row for it and the
 * caller is among those of the row.
 *
 * Without a row the answer comes before credentials are looked at, so that it is the same
 * for everybody.
 */
export function guardRoutes(options: GuardOptions): RequestHandler {
  const { pluginId, table } = options;
  return (req, _res, next) => {
    const request = { method: req.method, path: req.path };
    // The app's router is mounted twice: below /api/app, and as the index of all else.
    const route =
      req.baseUrl === `/api/${pluginId}`
        ? table.find(pluginId, request)
        : table.findIndex(request);
    if (!route) {
      next(nothingHere());
      return;
    }
    if (route.who.includes('public')) {
      next();
      return;
    }
    options.httpAuth
      .credentials(req, {
        allow: [
          ...(allowsUsers(route) ? (['user'] as const) : []),
          ...(route.who.includes('service') ? (['service'] as const) : []),
        ],
        allowLimitedAccess: route.who.includes('user-cookie'),
      })
      .then(credentials => {
        checkActor(route, credentials, options.auth);
        next();
      })
      .catch(next);
  };
}

function allowsUsers(route: OpenRoute): boolean {
  return route.who.some(
    who => who === 'user' || who === 'user-cookie' || who === 'plugin-for-user',
  );
}

function checkActor(
  route: OpenRoute,
  credentials: BackstageCredentials,
  auth: Pick<AuthService, 'isPrincipal'>,
) {
  if (
    auth.isPrincipal(credentials, 'user') &&
    !credentials.principal.actor &&
    !route.who.includes('user') &&
    !route.who.includes('user-cookie')
  ) {
    throw new NotAllowedError('Only a plugin may ask this on behalf of a user');
  }
}
