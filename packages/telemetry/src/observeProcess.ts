import { monitorEventLoopDelay } from 'node:perf_hooks';
import { metrics } from '@opentelemetry/api';

const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;
const LOOP_RESOLUTION_MILLISECONDS = 20;

/** Memory, processor time and the delay of the event loop since the last reading. */
export function observeProcess(): void {
  const meter = metrics.getMeter('portico-process');
  const resident = meter.createObservableGauge(
    'portico.process.resident_memory_bytes',
    { description: 'Memory that the process holds' },
  );
  const heap = meter.createObservableGauge('portico.process.heap_used_bytes', {
    description: 'Memory that objects of JavaScript use',
  });
  const processor = meter.createObservableCounter(
    'portico.process.cpu_seconds',
    { description: 'Processor time used' },
  );
  const started = meter.createObservableGauge(
    'portico.process.start_time_seconds',
    { description: 'When the process started, in seconds since 1970' },
  );
  const delay = meter.createObservableGauge(
    'portico.process.event_loop_delay_seconds',
    { description: 'How late timers ran since the last reading' },
  );
  const startedAt = Date.now() / 1000 - process.uptime();
  const loop = monitorEventLoopDelay({
    resolution: LOOP_RESOLUTION_MILLISECONDS,
  });
  loop.enable();
  meter.addBatchObservableCallback(
    result => {
      const memory = process.memoryUsage();
      const { user, system } = process.cpuUsage();
      result.observe(resident, memory.rss);
      result.observe(heap, memory.heapUsed);
      result.observe(processor, (user + system) / MICROSECONDS);
      result.observe(started, startedAt);
      for (const quantile of [0.5, 0.99, 1]) {
        const nanoseconds = loop.percentile(quantile * 100);
        const late =
          nanoseconds / NANOSECONDS - LOOP_RESOLUTION_MILLISECONDS / 1000;
        result.observe(delay, Math.max(0, late), {
          quantile: String(quantile),
        });
      }
      loop.reset();
    },
    [resident, heap, processor, started, delay],
  );
}
