import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  AggregationType,
  MeterProvider,
  type ViewOptions,
} from '@opentelemetry/sdk-metrics';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { MetricsServer } from './MetricsServer';
import { observeProcess } from './observeProcess';
import { type TelemetryConfig } from './readTelemetryConfig';

const EXPORT_LIMIT_MILLISECONDS = 10_000;
const MOST_SPANS_WAITING = 4096;
/** Series of one metric; what comes beyond is counted together by the SDK. */
const MOST_SERIES = 5_000;

/** Seconds: from a read of memory to the longest transfer. */
const durationBuckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

const views: ViewOptions[] = [
  {
    instrumentName: 'portico.*.duration_seconds',
    aggregation: {
      type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
      options: { boundaries: durationBuckets },
    },
    aggregationCardinalityLimit: MOST_SERIES,
  },
];

/** What was started, to be ended before the process is. */
export interface Telemetry {
  /** Port of the metrics, where they are served. */
  metricsPort: number | undefined;
  /** Sends what waits to be sent and closes the port, within some seconds. */
  stop(): Promise<void>;
}

/**
 * Gives the process meters and tracers that are read or sent. To be called once, before
 * anything takes a meter: the platform's parts count through the same interface.
 *
 * @param version - of the portal, told with each trace
 * @throws Error where the port of the metrics is taken
 */
export async function startTelemetry(
  config: TelemetryConfig,
  { version }: { version: string },
): Promise<Telemetry> {
  const resource = resourceFromAttributes({
    'service.name': 'portico',
    'service.version': version,
  });
  const server =
    config.metrics && (await serveMetrics(config.metrics, resource));
  const tracing = config.traces && sendTraces(config.traces, resource);
  return {
    metricsPort: server?.port,
    async stop() {
      await Promise.allSettled([
        server?.close(),
        tracing?.forceFlush().finally(() => tracing.shutdown()),
      ]);
    },
  };
}

async function serveMetrics(
  listen: NonNullable<TelemetryConfig['metrics']>,
  resource: Resource,
): Promise<MetricsServer> {
  const exporter = new PrometheusExporter({
    preventServerStart: true,
    withoutScopeInfo: true,
  });
  metrics.setGlobalMeterProvider(
    new MeterProvider({ resource, readers: [exporter], views }),
  );
  observeProcess();
  return MetricsServer.start(listen, exporter);
}

function sendTraces(
  { url, headers, share }: NonNullable<TelemetryConfig['traces']>,
  resource: Resource,
): TracerProvider {
  const ours = new TraceIdRatioBasedSampler(share);
  const provider = new TracerProvider({
    resource,
    // What a caller says about sampling is no order: they could ask for everything.
    sampler: new ParentBasedSampler({
      root: ours,
      remoteParentSampled: ours,
      remoteParentNotSampled: ours,
    }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({
          url,
          headers,
          timeoutMillis: EXPORT_LIMIT_MILLISECONDS,
        }),
        maxQueueSize: MOST_SPANS_WAITING,
      }),
    ],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return provider;
}
