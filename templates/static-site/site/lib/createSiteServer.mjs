import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};
const HEADERS = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
};

/**
 * Serves the files of a folder as they are now, with health and metrics. What is not
 * in the folder cannot be reached: an address is looked up, never opened.
 *
 * @param {{directory: string, name: string, readiness: {ready: boolean}, write?: (line: string) => void}} options
 */
export async function createSiteServer(options) {
  const { name, readiness } = options;
  const write = options.write ?? (line => process.stdout.write(line));
  const files = await readFiles(options.directory);
  const figures = new Map();

  const server = createServer((request, response) => {
    const started = process.hrtime.bigint();
    const { route, status, headers, body } = answer(request);
    response.writeHead(status, { ...HEADERS, ...headers });
    response.end(request.method === 'HEAD' ? undefined : body);
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    const key = [
      request.method === 'HEAD' ? 'HEAD' : 'GET',
      route,
      status,
    ].join(' ');
    const figure = figures.get(key) ?? { count: 0, seconds: 0 };
    figures.set(key, {
      count: figure.count + 1,
      seconds: figure.seconds + seconds,
    });
    write(
      `${JSON.stringify({
        time: new Date().toISOString(),
        level: 'info',
        service: name,
        message: 'request',
        method: request.method,
        route,
        status,
        milliseconds: Math.round(seconds * 1e6) / 1e3,
      })}\n`,
    );
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  return server;

  function answer(request) {
    const text = (status, route, body, headers = {}) => ({
      status,
      route,
      body,
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        'cache-control': 'no-store',
        ...headers,
      },
    });
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return text(405, 'unknown', 'Only GET is served.\n', {
        allow: 'GET, HEAD',
      });
    }
    const address = (request.url ?? '/').split('?')[0];
    if (address === '/healthz') {
      return text(200, address, '{"status":"ok"}', {
        'content-type': 'application/json',
      });
    }
    if (address === '/readyz') {
      return text(
        readiness.ready ? 200 : 503,
        address,
        `{"status":"${readiness.ready ? 'ready' : 'ending'}"}`,
        {
          'content-type': 'application/json',
        },
      );
    }
    const throughProxy =
      request.headers['x-forwarded-for'] ?? request.headers.forwarded;
    if (address === '/metrics' && throughProxy === undefined) {
      return text(200, address, metricsText(), {
        'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      });
    }
    const file = files.get(address === '/' ? '/index.html' : address);
    if (!file) {
      return text(404, 'unknown', 'There is no such page.\n');
    }
    const headers = {
      'content-type': file.type,
      etag: file.etag,
      'cache-control': 'no-cache',
    };
    return request.headers['if-none-match'] === file.etag
      ? { status: 304, route: 'page', headers, body: undefined }
      : { status: 200, route: 'page', headers, body: file.content };
  }

  function metricsText() {
    const label = text => JSON.stringify(text);
    const lines = ['# TYPE http_requests_total counter'];
    const durations = ['# TYPE http_request_duration_seconds summary'];
    for (const [key, { count, seconds }] of figures) {
      const [method, route, status] = key.split(' ');
      const labels = `method=${label(method)},route=${label(
        route,
      )},status=${label(status)},service=${label(name)}`;
      lines.push(`http_requests_total{${labels}} ${count}`);
      durations.push(`http_request_duration_seconds_sum{${labels}} ${seconds}`);
      durations.push(`http_request_duration_seconds_count{${labels}} ${count}`);
    }
    return [
      ...lines,
      ...durations,
      '# TYPE process_resident_memory_bytes gauge',
      `process_resident_memory_bytes{service=${label(
        name,
      )}} ${process.memoryUsage.rss()}`,
      '',
    ].join('\n');
  }
}

async function readFiles(directory) {
  const files = new Map();
  for (const entry of await readdir(directory, {
    recursive: true,
    withFileTypes: true,
  })) {
    const type = TYPES[path.extname(entry.name)];
    if (!entry.isFile() || !type) continue;
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    const content = await readFile(file);
    files.set(`/${path.relative(directory, file).split(path.sep).join('/')}`, {
      content,
      type,
      etag: `"${createHash('sha256').update(content).digest('base64url')}"`,
    });
  }
  return files;
}
