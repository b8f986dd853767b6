import { metrics } from '@opentelemetry/api';

const KEPT_MILLISECONDS = 10_000;
const READ_LIMIT_MILLISECONDS = 5_000;

/** One value, of one series. */
export interface Figure {
  /** As described in `figures`. */
  name: string;
  value: number;
  /** Of a bounded set: never the name of a tenant, of a person or of anything they made. */
  labels?: Readonly<Record<string, string>>;
}

/**
 * Shows figures that have to be looked up, such as counts in the database. They are read
 * when somebody asks for metrics, at most every ten seconds. Where the reading fails, or
 * takes longer than five seconds, they are missing until it works again, and
 * `portico.figures.read_failures` counts.
 *
 * @param options.group - names the reading in the count of failures
 * @param options.figures - what each name stands for
 */
export function observeFigures(options: {
  group: string;
  figures: Readonly<Record<string, string>>;
  read: () => Promise<readonly Figure[]>;
}): void {
  const { group, figures } = options;
  const meter = metrics.getMeter('portico-figures');
  const failures = meter.createCounter('portico.figures.read_failures', {
    description: 'Readings of figures that failed or took too long',
  });
  const gauges = new Map(
    Object.entries(figures).map(([name, description]) => [
      name,
      meter.createObservableGauge(name, { description }),
    ]),
  );
  let latest: { at: number; figures: Promise<readonly Figure[]> } | undefined;
  const read = () => {
    const at = performance.now();
    if (!latest || at - latest.at >= KEPT_MILLISECONDS) {
      const reading = inTime(options.read()).catch(() => {
        failures.add(1, { group });
        return [];
      });
      latest = { at, figures: reading };
    }
    return latest.figures;
  };
  meter.addBatchObservableCallback(
    async result => {
      for (const { name, value, labels } of await read()) {
        const gauge = gauges.get(name);
        if (gauge) {
          result.observe(gauge, value, labels);
        }
      }
    },
    [...gauges.values()],
  );
}

async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error('The figures took too long to read')),
      READ_LIMIT_MILLISECONDS,
    );
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
