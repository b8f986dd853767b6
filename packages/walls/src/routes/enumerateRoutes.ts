import { type Handler } from 'express';

/** What Express 4 keeps of a layer; there is no public way to list routes. */
interface Layer {
  route?: { path: string | string[]; methods: Record<string, boolean> };
  handle?: { stack?: Layer[] };
  regexp?: RegExp & { fast_slash?: boolean };
}

/**
 * Lists the plain routes of a router. Handlers that are opaque, such as static files, are
 * left out; so are routers mounted at a path with parameters.
 */
export function enumerateRoutes(
  handler: Handler,
): Array<{ method: string; path: string }> {
  return layersOf(handler as { stack?: Layer[] }, '');
}

function layersOf(
  router: { stack?: Layer[] },
  prefix: string,
): Array<{ method: string; path: string }> {
  return (router.stack ?? []).flatMap(layer => {
    const { route } = layer;
    if (route) {
      return [route.path].flat().flatMap(path =>
        Object.keys(route.methods)
          .filter(method => method !== '_all')
          .map(method => ({
            method: method.toUpperCase(),
            path: `${prefix}${path}`,
          })),
      );
    }
    const mountedAt = mountPathOf(layer);
    return layer.handle?.stack && mountedAt !== undefined
      ? layersOf(layer.handle, `${prefix}${mountedAt}`)
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
