import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { metrics } from '@opentelemetry/api';
import { ConfigReader } from '@backstage/config';
import { observeFigures } from './observeFigures';
import { readTelemetryConfig } from './readTelemetryConfig';
import { startTelemetry, type Telemetry } from './startTelemetry';

jest.setTimeout(60_000);

describe('the metrics', () => {
  let telemetry: Telemetry;

  beforeAll(async () => {
    telemetry = await startTelemetry(
      readTelemetryConfig(
        new ConfigReader({
          portico: { telemetry: { metrics: { port: '0' } } },
        }),
      ),
      { version: '1.2.3' },
    );
  });
  afterAll(() => telemetry?.stop());

  const scrape = async (path = '/metrics') => {
    const answer = await fetch(
      `http://127.0.0.1:${telemetry.metricsPort}${path}`,
    );
    return { status: answer.status, text: await answer.text() };
  };

  it('serves what is counted, measured and looked up', async () => {
    const meter = metrics.getMeter('test');
    meter.createCounter('portico.test.things').add(2, { kind: 'a' });
    meter
      .createHistogram('portico.test.duration_seconds')
      .record(0.3, { plugin: 'catalog' });
    let reads = 0;
    observeFigures({
      group: 'test',
      figures: { 'portico.test.waiting': 'What waits' },
      read: async () => {
        reads += 1;
        return [{ name: 'portico.test.waiting', value: 7 }];
      },
    });
    observeFigures({
      group: 'broken',
      figures: { 'portico.test.broken': 'Cannot be read' },
      read: async () => {
        throw new Error('no database');
      },
    });
    const { status, text } = await scrape();
    expect(status).toBe(200);
    for (const line of [
      'portico_test_things_total{kind="a"} 2',
      'portico_test_duration_seconds_bucket{plugin="catalog",le="0.25"} 0',
      'portico_test_duration_seconds_bucket{plugin="catalog",le="0.5"} 1',
      'portico_test_waiting 7',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).toMatch(/^portico_process_resident_memory_bytes \d+/m);
    expect(text).toMatch(/^portico_process_cpu_seconds_total \d/m);
    expect(text).toMatch(
      /^portico_process_event_loop_delay_seconds\{quantile="0.99"\} \d/m,
    );
    expect(text).not.toContain('portico_test_broken ');

    const { text: again } = await scrape();
    expect(again).toContain(
      'portico_figures_read_failures_total{group="broken"} 1',
    );
    expect(again).toContain('portico_test_waiting 7');
    expect(reads).toBe(1);
    expect((await scrape('/')).status).toBe(404);
  });
});

describe('the traces', () => {
  it('reach the collector before the process ends', async () => {
    const sent: string[] = [];
    const collector = createServer((request, response) => {
      let body = '';
      request.on('data', part => {
        body += part;
      });
      request.on('end', () => {
        sent.push(`${request.headers.authorization} ${request.url} ${body}`);
        response.end('{}');
      });
    });
    collector.listen(0, '127.0.0.1');
    await once(collector, 'listening');
    const { port } = collector.address() as AddressInfo;
    // A process of its own: the exporter loads its transport in a way that jest cannot.
    await promisify(execFile)(process.execPath, [
      '--require',
      '@backstage/cli/config/nodeTransform.cjs',
      join(__dirname, '__fixtures__/traceOnce.ts'),
      `http://127.0.0.1:${port}/v1/traces`,
    ]);
    collector.close();
    expect(sent).toHaveLength(1);
    expect(sent[0]).toContain('Bearer collector /v1/traces');
    expect(sent[0]).toContain('GET /tenants/:tenant');
    expect(sent[0]).toContain('1.2.3');
  });
});

describe('the configuration of the telemetry', () => {
  it('names every key that is wrong', () => {
    const telemetry = {
      metrics: { port: 'many', hosts: 'all' },
      traces: { url: 'collector', share: 3 },
    };
    const read = () =>
      readTelemetryConfig(new ConfigReader({ portico: { telemetry } }));
    for (const key of ['metrics.port', 'traces.url', 'traces.share']) {
      expect(read).toThrow(`portico.telemetry.${key}`);
    }
    expect(read).toThrow('hosts');
    expect(readTelemetryConfig(new ConfigReader({}))).toEqual({});
    const silent = { metrics: { host: '0.0.0.0' }, traces: { share: 1 } };
    expect(
      readTelemetryConfig(new ConfigReader({ portico: { telemetry: silent } })),
    ).toEqual({ metrics: undefined, traces: undefined });
  });
});
