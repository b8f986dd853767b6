import {
  context,
  metrics,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { REQUEST_ID_HEADER } from '@portico/plugin-audit-node';
import { type NextFunction, type Request, type Response } from 'express';
import { type OpenRoute } from '../routes/Route';
import { type RouteTable } from '../routes/RouteTable';
import { type RequestsInFlight } from './RequestsInFlight';

/**
 * Measures and traces requests by the rows of the route table: a path is the caller's
 * words, without number, and holds names.
 */
export class RequestObserver {
  readonly #pluginIds: ReadonlySet<string>;
  readonly #inFlight: RequestsInFlight;
  readonly #durations;
  readonly #tracer = trace.getTracer('portico-walls');

  constructor(options: {
    table: Pick<RouteTable, 'pluginIds'>;
    inFlight: RequestsInFlight;
  }) {
    this.#pluginIds = new Set(options.table.pluginIds);
    this.#inFlight = options.inFlight;
    const meter = metrics.getMeter('portico-walls');
    this.#durations = meter.createHistogram(
      'portico.http.request_duration_seconds',
      { description: 'Time until a request was answered' },
    );
    meter
      .createObservableGauge('portico.http.requests_active', {
        description: 'Requests that run in this replica',
      })
      .addCallback(result => result.observe(options.inFlight.running));
  }

  /** Watches a request of an open row until it is answered, and runs it in its trace. */
  watch(
    route: OpenRoute,
    request: Request,
    response: Response,
    next: NextFunction,
  ): void {
    const startedAt = performance.now();
    const [, named = ''] = /^\/api\/([a-z0-9-]+)/.exec(request.path) ?? [];
    const plugin = this.#pluginIds.has(named) ? named : 'app';
    const { method, path } = route;
    const parent = propagation.extract(context.active(), request.headers);
    const span = this.#tracer.startSpan(
      `${method} ${plugin} ${path}`,
      {
        kind: SpanKind.SERVER,
        attributes: {
          'http.request.method': method,
          'http.route': path,
          'portico.plugin': plugin,
          'portico.request_id': String(request.headers[REQUEST_ID_HEADER]),
        },
      },
      parent,
    );
    // What stays open is ended with its plugin, and its time says nothing.
    const end = route.staysOpen ? undefined : this.#inFlight.begin();
    response.once('close', () => {
      end?.();
      const status = response.statusCode;
      if (!route.staysOpen) {
        this.#durations.record((performance.now() - startedAt) / 1000, {
          plugin,
          method,
          route: path,
          status: String(status),
        });
      }
      span.setAttribute('http.response.status_code', status);
      if (status >= 500) {
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    });
    context.with(trace.setSpan(parent, span), () => next());
  }
}
