import {
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';

/** What plugins have registered beside the table; each is 404. */
export class RouteReport {
  readonly #unlisted = new Set<string>();

  add(pluginId: string, route: { method: string; path: string }) {
    this.#unlisted.add(`${route.method} /api/${pluginId}${route.path}`);
  }

  /** Such as `GET /api/catalog/new-route`, sorted. */
  unlisted(): string[] {
    return [...this.#unlisted].sort();
  }
}

/** Collects, while plugins start, the routes that no row names. */
export const routeReportServiceRef = createServiceRef<RouteReport>({
  id: 'portico.walls.route-report',
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: {},
      factory: () => new RouteReport(),
    }),
});
