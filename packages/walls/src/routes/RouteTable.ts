import { type OpenRoute, type PluginRoutes, type Route } from './Route';

interface CompiledRoute {
  route: Route;
  pattern: RegExp;
}

/**
 * Answers which row covers a request. What no open row covers does not exist.
 */
export class RouteTable {
  readonly #plugins: ReadonlyMap<string, readonly CompiledRoute[]>;
  readonly #index: readonly CompiledRoute[];

  constructor(options: {
    plugins: readonly PluginRoutes[];
    /** Routes that every plugin has; a plugin's own rows come before them. */
    everyPlugin: readonly Route[];
    /** Routes outside of `/api`, which the app serves. */
    index: readonly Route[];
  }) {
    const common = options.everyPlugin.map(compile);
    this.#plugins = new Map(
      options.plugins.map(({ pluginId, routes }) => [
        pluginId,
        [...routes.map(compile), ...common],
      ]),
    );
    this.#index = options.index.map(compile);
  }

  get pluginIds(): string[] {
    return [...this.#plugins.keys()];
  }

  /** Every open row, with its plugin; `app` stands for what lies outside of `/api`. */
  openRoutes(): Array<{ pluginId: string; route: OpenRoute }> {
    return [...this.#plugins, ['app', this.#index] as const].flatMap(
      ([pluginId, rows]) =>
        rows.flatMap(({ route }) =>
          route.who === 'closed' ? [] : [{ pluginId, route }],
        ),
    );
  }

  /** The open row for a path below `/api/<pluginId>`; undefined when there is none. */
  find(
    pluginId: string,
    request: { method: string; path: string },
  ): OpenRoute | undefined {
    return findOpen(this.#plugins.get(pluginId) ?? [], request);
  }

  /** The open row for a path outside of `/api`; undefined when there is none. */
  findIndex(request: { method: string; path: string }): OpenRoute | undefined {
    return findOpen(this.#index, request);
  }

  /**
   * Tells whether a route that a plugin has registered is listed, open or closed.
   *
   * @param path - as the plugin wrote it, parameters included
   */
  lists(pluginId: string, route: { method: string; path: string }): boolean {
    const rows = this.#plugins.get(pluginId) ?? [];
    const method = methodOf(route.method);
    const path = route.path
      .replace(/:\w+\(\*\)/g, 'x/x')
      .replace(/:\w+(?:\([^)]*\))?/g, 'x')
      .replace(/\*/g, 'x/x');
    return rows.some(
      row => row.route.method === method && row.pattern.test(path),
    );
  }
}

function findOpen(
  rows: readonly CompiledRoute[],
  request: { method: string; path: string },
): OpenRoute | undefined {
  const method = methodOf(request.method);
  const row = rows.find(
    candidate =>
      candidate.route.method === method && candidate.pattern.test(request.path),
  )?.route;
  return row && row.who !== 'closed' ? row : undefined;
}

/** Express answers HEAD with the GET route. */
function methodOf(method: string): string {
  return method === 'HEAD' ? 'GET' : method;
}

function compile(route: Route): CompiledRoute {
  const { path } = route;
  const open = path.endsWith('/*');
  const fixed = open ? path.slice(0, -2) : path;
  const source = fixed
    .split(/(:[A-Za-z]+)/)
    .map(part => (part.startsWith(':') ? '[^/]+' : escape(part)))
    .join('');
  // Case-sensitive and without an optional slash, though Express itself is neither:
  // what does not look exactly like the row does not exist.
  return { route, pattern: new RegExp(`^${source}${open ? '/.+' : ''}$`, 's') };
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
