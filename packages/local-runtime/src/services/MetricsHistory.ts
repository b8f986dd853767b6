import {
  type MetricSample,
  type ServiceMetrics,
} from '@portico/plugin-local-runtime-common';
import { parsePrometheus } from './parsePrometheus';
import {
  figuresBetween,
  readCounters,
  type ServiceCounters,
} from './serviceFigures';

const KEPT_SAMPLES = 240;

/** What measurements come from. */
export interface MeasuredProcess {
  readonly memoryBytes: number | undefined;
  metrics(): Promise<string | undefined>;
}

/** Figures of a service over the last hour or so, in memory only. */
export class MetricsHistory {
  readonly #samples: MetricSample[] = [];
  #before: { time: number; counters: ServiceCounters } | undefined;
  #since = new Date();
  #sampledAt = 0;

  constructor(private readonly intervalMilliseconds: number) {}

  /** A new process counts from 0. */
  begin(startedAt: Date): void {
    this.#before = undefined;
    this.#since = startedAt;
    this.#sampledAt = 0;
  }

  isDue(now: number): boolean {
    return now - this.#sampledAt >= this.intervalMilliseconds;
  }

  async sample(of: MeasuredProcess, now: number): Promise<void> {
    this.#sampledAt = now;
    const { memoryBytes } = of;
    const text = await of.metrics();
    if (memoryBytes === undefined) {
      // Measured about a second after the start; the next sample has it.
      this.#sampledAt = 0;
      return;
    }
    const current = {
      time: now,
      counters: readCounters(parsePrometheus(text ?? '')),
    };
    this.#samples.push(figuresBetween(this.#before, current, memoryBytes));
    this.#samples.splice(0, this.#samples.length - KEPT_SAMPLES);
    this.#before = current;
  }

  toMetrics(): ServiceMetrics {
    const counters = this.#before?.counters;
    return {
      intervalSeconds: this.intervalMilliseconds / 1_000,
      totals:
        counters?.requests === undefined
          ? undefined
          : {
              requests: counters.requests,
              errors: counters.errors ?? 0,
              since: this.#since.toISOString(),
            },
      samples: [...this.#samples],
    };
  }
}
