import { type PortalRequest } from '../http/PortalAnswer';
import { type Things } from '../world/Things';

/** What the platform's people see by right. */
export type PlatformView =
  /** Administrators: what belongs to the tenant that the request names. */
  | 'named tenant'
  /** Administrators: names and titles of all tenants. */
  | 'all tenants'
  /** Auditors: all chains. Administrators: the platform's own, which names tenants. */
  | 'chains';

/** One request of the suite: a row of the route table and what is asked of it. */
export interface Operation {
  /** Name of the row, or `unlisted` for a path that no row names. */
  row: string;
  variant: string;
  /**
   * Builds the request.
   *
   * @param of - whose things are asked for: another tenant's, or such as do not exist
   * @param own - the things of the caller's own tenant
   */
  build(of: Things, own: Things): PortalRequest;
  /** Statuses that every caller gets who may use the row, whatever is asked for. */
  expected?: readonly number[];
  platform?: PlatformView;
  /** It would change something, were it allowed. */
  changes?: true;
  /** Not compared with what does not exist, and why. */
  incomparable?: string;
  /** Not searched for words of other tenants, and why. */
  shows?: string;
  /** Which of many come first follows from ids that each portal draws for itself. */
  picksByChance?: true;
  /**
   * Shows what people of the own tenant asked for earlier, names of others' things
   * included. Words that nobody asks for still count.
   */
  remembers?: true;
}

/** As in `catalog GET /entities/by-uid/:uid # head`. */
export function operationName({ row, variant }: Operation): string {
  return `${row} # ${variant}`;
}

type Target = string | (Partial<PortalRequest> & { path: string });

/** How the variants of a row are written down: a path below the plugin, or a request. */
export type Variants = Record<string, (of: Things, own: Things) => Target>;

type Flags = Pick<
  Operation,
  | 'expected'
  | 'platform'
  | 'changes'
  | 'incomparable'
  | 'shows'
  | 'remembers'
  | 'picksByChance'
>;

/** Writes down operations of one plugin. */
export function operationsOf(pluginId: string) {
  const prefix = pluginId === 'index' ? '' : `/api/${pluginId}`;
  return function operations(
    route: `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`,
    variants: Variants,
    flags: Flags = {},
  ): Operation[] {
    const [method] = route.split(' ');
    return Object.entries(variants).map(([variant, target]) => ({
      row: `${pluginId} ${route}`,
      variant,
      build: (of, own) => {
        const built = target(of, own);
        const request = typeof built === 'string' ? { path: built } : built;
        return { method, ...request, path: `${prefix}${request.path}` };
      },
      ...(method !== 'GET' && { changes: true as const }),
      ...flags,
    }));
  };
}

/** A query string; undefined values are left out. */
export function query(
  values: Record<string, string | number | readonly string[]>,
): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const item of [value].flat()) {
      parameters.append(name, String(item));
    }
  }
  return `?${parameters}`;
}
