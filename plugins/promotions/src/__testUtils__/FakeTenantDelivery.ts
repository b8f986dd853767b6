import { type FetchApi } from '@backstage/frontend-plugin-api';
import {
  type Board,
  boardSchema,
  type DeliveryEvent,
  type DeliveryFigures,
  deliveryFiguresSchema,
  type Deployment,
  deploymentListSchema,
  type Drift,
  driftListSchema,
  driftSchema,
  type LineStop,
  lineStopSchema,
  muteDriftSchema,
  stopLineSchema,
  type WindowCalendar,
  windowCalendarSchema,
} from '@portico/plugin-promotions-common';

/** Answers for the overviews of a tenant as `/api/promotions` does, in its very schemas. */
export class FakeTenantDelivery implements FetchApi {
  board: Board = { environments: ['dev', 'staging', 'prod'], items: [] };
  calendar: WindowCalendar = { occurrences: [], stops: [], now: [] };
  drift: Drift[] = [];
  deployments: Deployment[] = [];
  figures: DeliveryFigures | undefined;
  /** So many items make a page. */
  pageSize = 2;
  /** Answers everything with this refusal instead. */
  refusal: { status: number; message: string } | undefined;
  /** Method, path and query of each request, and what it carried. */
  readonly requests: string[] = [];
  #streams: ReadableStreamDefaultController<Uint8Array>[] = [];

  /** Sends an event to whoever follows. */
  tell(event: DeliveryEvent): void {
    for (const stream of this.#streams) {
      stream.enqueue(
        new TextEncoder().encode(`data: ${JSON.stringify(event)}\n\n`),
      );
    }
  }

  fetch = async (
    input: RequestInfo | URL,
    init: RequestInit = {},
  ): Promise<Response> => {
    const method = init.method ?? 'GET';
    const url = new URL(String(input).replace('plugin://', 'http://'));
    const path = url.pathname;
    if (path === '/events') {
      return this.#follow(init.signal ?? undefined);
    }
    const body = init.body === undefined ? undefined : String(init.body);
    this.requests.push(
      [method, decodeURIComponent(path + url.search), body]
        .filter(Boolean)
        .join(' '),
    );
    if (this.refusal) {
      const { status, message } = this.refusal;
      return Response.json({ error: { name: 'Error', message } }, { status });
    }
    return this.#answer(`${method} ${path}`, url.searchParams, body);
  };

  #answer(
    request: string,
    query: URLSearchParams,
    body: string | undefined,
  ): Response {
    const [, what, id] = request.split('/');
    switch (request.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, ':id')) {
      case 'GET /board': {
        const owner = query.get('owner');
        const { items, nextCursor } = this.#page(
          this.board.items.filter(row => !owner || row.owner === owner),
          query,
        );
        return Response.json(
          boardSchema.parse({ ...this.board, items, nextCursor }),
        );
      }
      case 'GET /windows':
        return Response.json(windowCalendarSchema.parse(this.calendar));
      case 'POST /stops': {
        const stop: LineStop = lineStopSchema.parse({
          ...stopLineSchema.parse(JSON.parse(body ?? '')),
          id: '0193b6a0-0000-4000-8000-000000000009',
          scope: 'tenant',
          by: 'user:aurora/kim',
          since: '2026-11-21T10:00:00.000Z',
        });
        this.calendar = {
          ...this.calendar,
          stops: [...this.calendar.stops, stop],
        };
        return Response.json(stop);
      }
      case 'POST /stops/:id/lift': {
        const lifted = this.calendar.stops.find(each => each.id === id);
        this.calendar = {
          ...this.calendar,
          stops: this.calendar.stops.filter(stop => stop !== lifted),
        };
        return Response.json(lineStopSchema.parse(lifted));
      }
      case 'GET /drift': {
        const isResolved = query.get('state') === 'resolved';
        const environment = query.get('environment');
        return Response.json(
          driftListSchema.parse(
            this.#page(
              this.drift.filter(
                drift =>
                  (drift.resolvedAt !== undefined) === isResolved &&
                  (!environment || drift.environment === environment),
              ),
              query,
            ),
          ),
        );
      }
      case 'POST /drift/:id/mute': {
        const muted = {
          by: 'user:aurora/kim',
          ...muteDriftSchema.parse(JSON.parse(body ?? '')),
        };
        this.drift = this.drift.map(drift =>
          drift.id === id ? { ...drift, muted } : drift,
        );
        return Response.json(
          driftSchema.parse(this.drift.find(each => each.id === id)),
        );
      }
      case 'GET /figures':
        return Response.json(deliveryFiguresSchema.parse(this.figures));
      case 'GET /deployments':
        return Response.json(
          deploymentListSchema.parse(this.#page(this.deployments, query)),
        );
      default:
        return Response.json(
          { error: { name: 'NotFoundError', message: `no ${what}` } },
          { status: 404 },
        );
    }
  }

  #page<T>(
    all: readonly T[],
    query: URLSearchParams,
  ): { items: T[]; nextCursor?: string } {
    const from = Number(query.get('cursor') ?? 0);
    const to = from + this.pageSize;
    return {
      items: all.slice(from, to),
      ...(to < all.length && { nextCursor: String(to) }),
    };
  }

  #follow(signal: AbortSignal | undefined): Response {
    const body = new ReadableStream<Uint8Array>({
      start: controller => {
        this.#streams.push(controller);
        signal?.addEventListener('abort', () => {
          this.#streams = this.#streams.filter(other => other !== controller);
          controller.error(signal.reason);
        });
      },
    });
    return new Response(body, {
      headers: { 'Content-Type': 'text/event-stream' },
    });
  }
}
