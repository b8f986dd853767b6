export type RouteMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Who may call a route.
 *
 * - `public`: anybody; the route itself asks for no credentials, or checks them
 * - `user`: a signed-in person or machine, also through a plugin on their behalf
 * - `user-cookie`: the same, and with the short token of a cookie too
 * - `plugin-for-user`: only a plugin on behalf of a user
 * - `service`: a plugin by itself
 */
export type RouteCaller =
  | 'public'
  | 'user'
  | 'user-cookie'
  | 'plugin-for-user'
  | 'service';

/**
 * What a request may carry.
 *
 * - `json`: at most `bytes`, and brackets nested at most `depth` deep
 * - `form`: a web form, parsed by the plugin itself
 * - `raw`: left to the plugin as it comes, for Git and for signed webhooks
 */
export type RouteBody =
  | { kind: 'json'; bytes: number; depth: number }
  | { kind: 'form' }
  | { kind: 'raw' };

interface RouteAddress {
  method: RouteMethod;
  /**
   * Path below the plugin, with `:name` for one segment (or a part of one) and `/*` at
   * the end for one or more segments.
   */
  path: string;
}

/** A route that somebody may call. */
export interface OpenRoute extends RouteAddress {
  who: readonly [RouteCaller, ...RouteCaller[]];
  body?: RouteBody;
  /**
   * Makes what is somebody else's look like what does not exist, where the plugin itself
   * answers 403 for the one and 404 for the other.
   */
  hidesOthers?: true;
}

/** A route that exists and answers as if it did not. */
export interface ClosedRoute extends RouteAddress {
  who: 'closed';
  why: string;
}

/** One row of the route table. */
export type Route = OpenRoute | ClosedRoute;

/** The routes of one plugin. */
export interface PluginRoutes {
  pluginId: string;
  routes: readonly Route[];
}

const KILOBYTE = 1024;

/** The limits of a JSON body where a row says nothing else. */
export const ordinaryBody: RouteBody = {
  kind: 'json',
  bytes: 64 * KILOBYTE,
  depth: 32,
};

/** A JSON body with limits of its own, in kilobytes and nested brackets. */
export function jsonBody(kilobytes: number, depth = 32): RouteBody {
  return { kind: 'json', bytes: kilobytes * KILOBYTE, depth };
}
