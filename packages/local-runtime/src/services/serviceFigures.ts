import { type MetricSample } from '@portico/plugin-local-runtime-common';
import { type PrometheusSample } from './parsePrometheus';

/** What is taken from a service's measurements; all of it grows only. */
export interface ServiceCounters {
  requests?: number;
  errors?: number;
  /** Upper bounds in seconds, ascending, with how many answers were not slower. */
  buckets?: ReadonlyArray<{ bound: number; count: number }>;
}

/** Adds up what the golden paths measure about requests. */
export function readCounters(samples: PrometheusSample[]): ServiceCounters {
  const of = (name: string) => samples.filter(sample => sample.name === name);
  const sum = (all: PrometheusSample[]) =>
    all.reduce((total, { value }) => total + value, 0);
  const requests = of('http_requests_total');
  const bounds = new Map<number, number>();
  for (const { labels, value } of of('http_request_duration_seconds_bucket')) {
    const bound = labels.le === '+Inf' ? Infinity : Number(labels.le);
    if (!Number.isNaN(bound)) {
      bounds.set(bound, (bounds.get(bound) ?? 0) + value);
    }
  }
  return {
    ...(requests.length > 0 && {
      requests: sum(requests),
      errors: sum(
        requests.filter(({ labels }) =>
          /^5/.test(labels.status ?? labels.code ?? ''),
        ),
      ),
    }),
    ...(bounds.size > 0 && {
      buckets: [...bounds]
        .map(([bound, count]) => ({ bound, count }))
        .sort((a, b) => a.bound - b.bound),
    }),
  };
}

/** Figures of the time between two readings of the same process. */
export function figuresBetween(
  before: { time: number; counters: ServiceCounters } | undefined,
  now: { time: number; counters: ServiceCounters },
  memoryBytes: number,
): MetricSample {
  const sample: MetricSample = {
    time: new Date(now.time).toISOString(),
    memoryBytes,
  };
  const seconds = before ? (now.time - before.time) / 1_000 : 0;
  if (!before || seconds <= 0) {
    return sample;
  }
  const rate = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined
      ? undefined
      : Math.max(0, (b - a) / seconds);
  const p50 = quantile(0.5, before.counters, now.counters);
  const p95 = quantile(0.95, before.counters, now.counters);
  return {
    ...sample,
    requestsPerSecond: rate(before.counters.requests, now.counters.requests),
    errorsPerSecond: rate(before.counters.errors, now.counters.errors),
    ...(p50 !== undefined &&
      p95 !== undefined && { latencyMilliseconds: { p50, p95 } }),
  };
}

/**
 * Milliseconds below which a share of the answers between two readings was given: the
 * bucket that it falls in, divided evenly. Undefined without any answer.
 */
export function quantile(
  share: number,
  before: ServiceCounters,
  now: ServiceCounters,
): number | undefined {
  const earlier = new Map(
    before.buckets?.map(({ bound, count }) => [bound, count]),
  );
  const counts = (now.buckets ?? []).map(({ bound, count }) => ({
    bound,
    count: count - (earlier.get(bound) ?? 0),
  }));
  const total = counts.at(-1)?.count ?? 0;
  if (total <= 0) {
    return undefined;
  }
  const rank = share * total;
  let lower = { bound: 0, count: 0 };
  for (const bucket of counts) {
    if (bucket.count >= rank) {
      // Above the last bound nothing is known: that bound is the answer.
      if (bucket.bound === Infinity) {
        return lower.bound * 1_000;
      }
      const within =
        bucket.count > lower.count
          ? (rank - lower.count) / (bucket.count - lower.count)
          : 1;
      return (
        Math.round(
          (lower.bound + (bucket.bound - lower.bound) * within) * 1e6,
        ) / 1e3
      );
    }
    lower = bucket;
  }
  return lower.bound * 1_000;
}
