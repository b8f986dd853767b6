import { type Handler } from 'express';

/** What Express 4 keeps; there is no public way to list routes. */
interface Layer {
  route?: {
    path: string | RegExp | Array<string | RegExp>;
    methods: Record<string, boolean>;
  };
  handle?: Routing;
  regexp?: RegExp & { fast_slash?: boolean };
}

interface Routing {
  /** Of a router. */
  stack?: Layer[];
  /** Of an application. */
  _router?: { stack?: Layer[] };
}

/**
 * Lists the plain routes of a router or application. What is opaque is left out: static
 * files, routes given as regular expressions, routers mounted at a path with parameters.
 */
export function enumerateRoutes(
  handler: Handler,
): Array<{ method: string; path: string }> {
  return routesOf(handler as Routing, '');
}

function routesOf(
  routing: Routing,
  prefix: string,
): Array<{ method: string; path: string }> {
  const layers = routing.stack ?? routing._router?.stack ?? [];
  return layers.flatMap(layer => {
    const { route, handle } = layer;
    if (route) {
      return [route.path]
        .flat()
        .filter(path => typeof path === 'string')
        .flatMap(path =>
          Object.keys(route.methods)
            .filter(method => method !== '_all')
            .map(method => ({
              method: method.toUpperCase(),
              // The root of a mounted router answers without the slash as well.
              path: `${prefix}${path}`.replace(/(.)\/$/, '$1'),
            })),
        );
    }
    const mountedAt = mountPathOf(layer);
    return handle && mountedAt !== undefined
      ? routesOf(handle, `${prefix}${mountedAt}`)
      : [];
  });
}

/** The path in `router.use(path, …)`, read back from its regular expression. */
function mountPathOf({ regexp }: Layer): string | undefined {
  if (!regexp || regexp.fast_slash) {
    return '';
  }
  const source = /^\^((?:\\\/[\w.\\-]+)*)\\\/\?\(\?=\\\/\|\$\)$/.exec(
    regexp.source,
  )?.[1];
  return source?.replace(/\\(.)/g, '$1');
}
