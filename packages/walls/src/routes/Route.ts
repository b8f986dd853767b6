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
  /**
   * Path below the plugin, with `:name` for one segment (or a part of one) and `/*` at
   * the end for one or more segments.
   */
  path: string;
}

/** What a route that writes leaves in the audit. */
export interface RecordingRoute {
  /** Names of the acts that calls of it are recorded as. */
  records: readonly [string, ...string[]];
  unrecorded?: undefined;
}

/** A route of which nothing is recorded, though its method is one that writes. */
export interface UnrecordedRoute {
  records?: undefined;
  /** Why not, in one sentence. */
  unrecorded: string;
}

interface OpenRouteBase extends RouteAddress {
  who: readonly [RouteCaller, ...RouteCaller[]];
  body?: RouteBody;
  /**
   * Makes what is somebody else's look like what does not exist, where the plugin itself
   * answers 403 for the one and 404 for the other.
   */
  hidesOthers?: true;
  /**
   * Reads as much of the database as the caller likes, so all tenants share a few turns;
   * see `SharedTurns`.
   */
  listsMany?: true;
  /** Answers for as long as the caller listens, so it takes no turn of the tenant's. */
  staysOpen?: true;
}

/**
 * A route that somebody may call. One whose method writes says what it leaves in the
 * audit, or why nothing; so does a `GET` that writes, such as a sign-in.
 */
export type OpenRoute = OpenRouteBase &
  (
    | ({ method: Exclude<RouteMethod, 'GET'> } & (
        | RecordingRoute
        | UnrecordedRoute
      ))
    | ({ method: 'GET' } & Partial<RecordingRoute>)
  );

/** A route that exists and answers as if it did not. */
export interface ClosedRoute extends RouteAddress {
  method: RouteMethod;
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

/** Why a `POST` leaves nothing in the audit that only asks for something. */
export const READS = 'It only reads.';

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
