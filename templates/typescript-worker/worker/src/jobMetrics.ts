import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What is measured about the runs of the job. */
export interface JobMetrics {
  succeeded(run: { items: number; seconds: number }): void;
  failed(run: { seconds: number }): void;
  text(): Promise<string>;
}

export function createJobMetrics(options: { service: string }): JobMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service: options.service });
  const registers = [registry];

  const runs = new Counter({
    name: 'job_runs_total',
    help: 'Runs of the job.',
    labelNames: ['outcome'],
    registers,
  });
  const items = new Counter({
    name: 'job_items_total',
    help: 'Items that were handled.',
    registers,
  });
  const duration = new Histogram({
    name: 'job_run_duration_seconds',
    help: 'How long runs took.',
    buckets: [0.01, 0.1, 1, 10, 60, 600],
    registers,
  });
  const lastSuccess = new Gauge({
    name: 'job_last_success_timestamp_seconds',
    help: 'When the last run succeeded.',
    registers,
  });

  return {
    succeeded(run) {
      runs.inc({ outcome: 'succeeded' });
      items.inc(run.items);
      duration.observe(run.seconds);
      lastSuccess.setToCurrentTime();
    },
    failed(run) {
      runs.inc({ outcome: 'failed' });
      duration.observe(run.seconds);
    },
    text: () => registry.metrics(),
  };
}
