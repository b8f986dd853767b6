import { type RouteTable } from '../routes/RouteTable';
import { type OpenRoute } from '../routes/Route';

/**
 * Finds the open row for a request as it came in, or undefined when there is none.
 *
 * @param request - the path of the address, not decoded, without the query
 */
export function locateRequest(
  table: RouteTable,
  request: { method: string; path: string },
): OpenRoute | undefined {
  const { method, path } = request;
  if (isMalformed(path)) {
    return undefined;
  }
  const api = /^\/api\/([a-z0-9-]+)(\/.*)?$/s.exec(path);
  if (api) {
    return table.find(api[1], { method, path: api[2] ?? '/' });
  }
  // Express takes /API for /api; here it is neither the one nor a page of the app.
  if (/^\/api(?:\/|$)/i.test(decodeURIComponent(path))) {
    return undefined;
  }
  return table.findIndex({ method, path });
}

/** Paths that two readers could understand in two ways. */
function isMalformed(path: string): boolean {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return true;
  }
  return (
    !path.startsWith('/') ||
    path.includes('//') ||
    // eslint-disable-next-line no-control-regex -- control characters are what is refused
    /[\u0000-\u001f\u007f\\]/.test(decoded) ||
    decoded.split('/').some(segment => segment === '.' || segment === '..')
  );
}
