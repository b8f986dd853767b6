import { metrics } from '@opentelemetry/api';
import { type RouteTable } from '../routes/RouteTable';

/** Methods that get a name of their own: a caller may send any word as one. */
const knownMethods: ReadonlySet<string> = new Set([
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
]);

/**
 * Counts the requests that are refused because no open row covers them, as the metric
 * `portico.walls.unlisted_requests`, by plugin and method.
 *
 * Neither path nor caller is an attribute: both are the caller's words, without number.
 */
export function createUnlistedCounter(
  table: RouteTable,
): (request: { method: string; path: string }) => void {
  const counter = metrics
    .getMeter('portico-walls')
    .createCounter('portico.walls.unlisted_requests', {
      description: 'Requests refused because no row of the route table is open',
      unit: '{request}',
    });
  const pluginIds = new Set(table.pluginIds);
  return ({ method, path }) => {
    const [, pluginId = ''] = /^\/api\/([a-z0-9-]+)/.exec(path) ?? [];
    counter.add(1, {
      plugin: pluginIds.has(pluginId) ? pluginId : 'none',
      method: knownMethods.has(method) ? method : 'other',
    });
  };
}
