import { trace } from '@opentelemetry/api';
import { startTelemetry } from '../startTelemetry';

/** A process that makes one trace, sends it to the address given, and ends. */
async function traceOnce(url: string): Promise<void> {
  const telemetry = await startTelemetry(
    {
      traces: { url, headers: { authorization: 'Bearer collector' }, share: 1 },
    },
    { version: '1.2.3' },
  );
  trace.getTracer('test').startSpan('GET /tenants/:tenant').end();
  await telemetry.stop();
}

traceOnce(process.argv[2] ?? '').catch(error => {
  process.stderr.write(`${error}\n`);
  process.exitCode = 1;
});
