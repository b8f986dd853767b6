import {
  type AuthService,
  type BackstageCredentials,
  type HttpAuthService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
} from 'express';
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
  return (req, _res, next) => {
    const route = findRoute(req, options);
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

/** Hides what belongs to others on the routes that ask for it; see `hidesOthers`. */
export function hideOthers(
  options: Pick<GuardOptions, 'pluginId' | 'table'>,
): ErrorRequestHandler {
  return (error, req, _res, next) => {
    const refused =
      error.name === 'NotAllowedError' || error.name === 'NotFoundError';
    next(
      refused && findRoute(req, options)?.hidesOthers ? nothingHere() : error,
    );
  };
}

/** The row of a request, which several handlers ask for, and the place it was found at. */
const found = new WeakMap<
  Request,
  { place: string; route: OpenRoute | undefined }
>();

/** The open row that covers a request of a plugin. */
export function findRoute(
  request: Request,
  { pluginId, table }: Pick<GuardOptions, 'pluginId' | 'table'>,
): OpenRoute | undefined {
  const { method, path, baseUrl } = request;
  const place = `${method} ${baseUrl} ${path}`;
  const known = found.get(request);
  if (known?.place === place) {
    return known.route;
  }
  // The app's router is mounted twice: below /api/app, and as the index of all else.
  const route =
    baseUrl === `/api/${pluginId}`
      ? table.find(pluginId, { method, path })
      : table.findIndex({ method, path });
  found.set(request, { place, route });
  return route;
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
