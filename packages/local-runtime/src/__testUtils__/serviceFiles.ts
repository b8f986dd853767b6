/** How a service of a test differs from one that works. */
export interface ServiceVariation {
  name?: string;
  /** JavaScript of the tests. */
  test?: string;
  /** JavaScript of the build; writes `dist/main.js` without it. */
  build?: string;
  /** JavaScript that runs before the service listens. */
  main?: string;
  size?: 'S' | 'M' | 'L';
  version?: string;
}

/** A service without dependencies, so that no test needs a network. */
export function serviceFiles(
  variation: ServiceVariation = {},
): Record<string, string> {
  const { name = 'checkout', size = 'S', version = '1.0.0' } = variation;
  return {
    'portico.yaml': `apiVersion: portico/v1
kind: Service
metadata:
  name: ${name}
spec:
  runtime: node
  port: 8080
  health: { live: /healthz, ready: /readyz }
  metrics: /metrics
  exposure: internal
  resources: { size: ${size} }
  replicas: { dev: 1, staging: 1, prod: 2 }
  dependencies: []
`,
    'package.json': JSON.stringify({
      name,
      version,
      scripts: {
        test: 'node test.js',
        build: 'node build.js',
        start: 'node dist/main.js',
      },
    }),
    'package-lock.json': JSON.stringify({
      name,
      version,
      lockfileVersion: 3,
      requires: true,
      packages: { '': { name, version } },
    }),
    'test.js': variation.test ?? 'console.log("1 test passed");',
    'build.js':
      variation.build ??
      'const fs = require("node:fs"); fs.mkdirSync("dist"); fs.copyFileSync("main.js", "dist/main.js");',
    'main.js': `${variation.main ?? ''}
let requests = 0;
const { createServer } = require('node:http');
const server = createServer((request, response) => {
  if (request.url === '/metrics') {
    response.end([
      'http_requests_total{status="200"} ' + requests,
      'http_requests_total{status="500"} 1',
      'http_request_duration_seconds_bucket{le="0.1"} ' + requests,
      'http_request_duration_seconds_bucket{le="+Inf"} ' + requests,
    ].join('\\n'));
    return;
  }
  if (request.url === '/healthz' || request.url === '/readyz') {
    const bad = globalThis.unhealthy?.[request.url];
    response.statusCode = bad ? 503 : 200;
    response.end();
    return;
  }
  requests += 1;
  globalThis.handle?.(request);
  response.end(JSON.stringify({ version: '${version}', pid: process.pid, environment: process.env }));
});
server.listen(Number(process.env.PORT), process.env.HOST, () => console.log('listening'));
process.on('SIGTERM', () => { console.log('ending'); process.exit(0); });
`,
  };
}
