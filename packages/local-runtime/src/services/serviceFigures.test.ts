import fc from 'fast-check';
import { parsePrometheus } from './parsePrometheus';
import { figuresBetween, quantile, readCounters } from './serviceFigures';

const text = `# HELP http_requests_total Requests answered.
# TYPE http_requests_total counter
http_requests_total{method="GET",route="/v1/orders",status="200"} 8
http_requests_total{method="GET",route="/v1/\\"odd\\",{x}",status="503"} 2 1700000000000
http_request_duration_seconds_bucket{le="0.1",route="/a"} 5
http_request_duration_seconds_bucket{le="0.5",route="/a"} 10
http_request_duration_seconds_bucket{le="+Inf",route="/a"} 10
not a measurement {
nodejs_version_info{version="v24"} 1
nan_value NaN
`;

it('reads the text format of Prometheus and passes over what is none', () => {
  const samples = parsePrometheus(text);
  expect(samples.map(({ name, value }) => [name, value])).toEqual([
    ['http_requests_total', 8],
    ['http_requests_total', 2],
    ['http_request_duration_seconds_bucket', 5],
    ['http_request_duration_seconds_bucket', 10],
    ['http_request_duration_seconds_bucket', 10],
    ['nodejs_version_info', 1],
  ]);
  expect(samples[1].labels.route).toBe('/v1/"odd",{x}');
});

it('tells requests, errors and latency of the time between two readings', () => {
  const before = { time: 0, counters: readCounters([]) };
  const now = { time: 10_000, counters: readCounters(parsePrometheus(text)) };
  expect(now.counters).toMatchObject({ requests: 10, errors: 2 });
  const none = readCounters(
    parsePrometheus('http_requests_total{status="200"} 0'),
  );
  expect(figuresBetween({ time: 0, counters: none }, now, 1_000)).toMatchObject(
    {
      memoryBytes: 1_000,
      requestsPerSecond: 1,
      errorsPerSecond: 0.2,
      // half of the answers came within 0.1 s, 95 % within 0.1 s and nine tenths of 0.4 s
      latencyMilliseconds: { p50: 100, p95: 460 },
    },
  );
  // Nothing can be told from one reading.
  expect(figuresBetween(undefined, now, 1_000)).not.toHaveProperty(
    'requestsPerSecond',
  );
  expect(quantile(0.5, now.counters, now.counters)).toBeUndefined();
  expect(before.counters).toEqual({});
});

it('reads anything without an error, and what is written in the format exactly', () => {
  fc.assert(
    fc.property(fc.string(), any => {
      parsePrometheus(any);
    }),
  );
  const label = fc.string().filter(value => !/[\r\n]/.test(value));
  fc.assert(
    fc.property(
      label,
      fc.double({ noNaN: true }).map(number => number + 0),
      (value, number) => {
        const escaped = value.replace(/[\\"]/g, '\\$&');
        const shown =
          Math.abs(number) === Infinity
            ? `${number > 0 ? '+' : '-'}Inf`
            : number;
        expect(parsePrometheus(`name{a="${escaped}",b="x"} ${shown}`)).toEqual([
          { name: 'name', labels: { a: value, b: 'x' }, value: number },
        ]);
      },
    ),
  );
});
