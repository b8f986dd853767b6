import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type PluginRoutes, porticoRoutes, type Route } from '@portico/walls';

/** One row of the route table with the plugin that it belongs to. */
export interface RouteRow {
  /** Plugin id, or `index` for paths outside of `/api`. */
  pluginId: string;
  route: Route;
}

/** As in `catalog GET /entities/by-uid/:uid`. */
export function rowName({ pluginId, route }: RouteRow): string {
  return `${pluginId} ${route.method} ${route.path}`;
}

/**
 * All rows of the route table, closed ones and those of every plugin included.
 *
 * The rows are read from the modules that the table is made of, so that a new file of
 * routes is found without a word here; a plugin of the table without rows is an error.
 */
export function readRouteRows(): RouteRow[] {
  const folder = join(
    dirname(require.resolve('@portico/walls/package.json')),
    'src/routes',
  );
  const rows: RouteRow[] = [];
  let everyPlugin: readonly Route[] = [];
  for (const file of readdirSync(folder)) {
    if (!/^[a-z]\w*\.ts$/.test(file) || file.includes('.test.')) {
      continue;
    }
    // eslint-disable-next-line @typescript-eslint/no-var-requires -- which files there are is known only now
    const exported: Record<string, unknown> = require(join(folder, file));
    for (const [name, value] of Object.entries(exported)) {
      if (isPluginRoutes(value)) {
        rows.push(
          ...value.routes.map(route => ({ pluginId: value.pluginId, route })),
        );
      } else if (name === 'indexRoutes') {
        rows.push(
          ...(value as readonly Route[]).map(route => ({
            pluginId: 'index',
            route,
          })),
        );
      } else if (name === 'everyPluginRoutes') {
        everyPlugin = value as readonly Route[];
      }
    }
  }
  const known = new Set(rows.map(({ pluginId }) => pluginId));
  const missing = porticoRoutes.pluginIds.filter(id => !known.has(id));
  if (missing.length > 0 || everyPlugin.length === 0) {
    throw new Error(
      `The rows of ${
        missing.join(', ') || 'every plugin'
      } were not found in ${folder}: export them there as the other plugins do`,
    );
  }
  const inForce = new Set([...porticoRoutes.pluginIds, 'index']);
  const own = rows.filter(({ pluginId }) => inForce.has(pluginId));
  const ownNames = new Set(own.map(rowName));
  const common = porticoRoutes.pluginIds
    .flatMap(pluginId => everyPlugin.map(route => ({ pluginId, route })))
    // A row of the plugin itself comes first.
    .filter(row => !ownNames.has(rowName(row)));
  return [...own, ...common];
}

function isPluginRoutes(value: unknown): value is PluginRoutes {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pluginId' in value &&
    'routes' in value
  );
}
