import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { buildSite } from '../lib/buildSite.mjs';
import { createSiteServer } from '../lib/createSiteServer.mjs';
import { readConfiguration } from '../lib/readConfiguration.mjs';

const here = name => new URL(`../${name}`, import.meta.url).pathname;
const readiness = { ready: true };
const lines = [];
let folder;
let server;
let address;
let pages;

const build = (changes = {}) =>
  buildSite({
    site: here('site.json'),
    content: here('content/'),
    assets: here('public/'),
    target: path.join(folder, 'dist'),
    ...changes,
  });

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'site-'));
  pages = await build();
  server = await createSiteServer({
    directory: path.join(folder, 'dist'),
    name: 'test',
    readiness,
    write: line => lines.push(JSON.parse(line)),
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${server.address().port}`;
});

after(async () => {
  server?.close();
  server?.closeAllConnections();
  await rm(folder, { recursive: true, force: true });
});

test('every page is served, with a title, a menu and strict headers', async () => {
  for (const page of ['', ...pages]) {
    const response = await fetch(`${address}/${page}`);
    assert.equal(response.status, 200, page);
    assert.match(
      response.headers.get('content-security-policy'),
      /default-src 'self'/,
    );
    const html = await response.text();
    assert.match(html, /<title>[^<]+ · [^<]+<\/title>/);
    assert.match(html, /aria-current="page"/);
    assert.equal(html.match(/<h1>/g)?.length, 1, page);
  }
});

test('every link of every page leads somewhere', async () => {
  for (const page of pages) {
    const html = await (await fetch(`${address}/${page}`)).text();
    for (const [, target] of html.matchAll(/(?:href|src)="([^"#][^":]*)"/g)) {
      assert.equal(
        (await fetch(`${address}/${target}`)).status,
        200,
        `${page} → ${target}`,
      );
    }
  }
});

test('a page that did not change is not sent again', async () => {
  const etag = (await fetch(`${address}/`)).headers.get('etag');
  const again = await fetch(`${address}/`, {
    headers: { 'if-none-match': etag },
  });
  assert.equal(again.status, 304);
});

test('nothing outside of the folder is served, and only GET', async () => {
  for (const target of [
    '/../site.json',
    '/%2e%2e/site.json',
    '/lib/buildSite.mjs',
    '/index.html/',
  ]) {
    assert.equal((await fetch(address + target)).status, 404, target);
  }
  assert.equal((await fetch(address, { method: 'POST' })).status, 405);
});

test('health, readiness and metrics are told, metrics not through a proxy', async () => {
  assert.equal((await fetch(`${address}/healthz`)).status, 200);
  assert.equal((await fetch(`${address}/readyz`)).status, 200);
  readiness.ready = false;
  assert.equal((await fetch(`${address}/readyz`)).status, 503);
  readiness.ready = true;
  const metrics = await (await fetch(`${address}/metrics`)).text();
  assert.match(
    metrics,
    /http_requests_total\{method="GET",route="\/healthz",status="200",service="test"\} \d+/,
  );
  const forwarded = await fetch(`${address}/metrics`, {
    headers: { 'x-forwarded-for': '192.0.2.1' },
  });
  assert.equal(forwarded.status, 404);
  assert.ok(
    lines.some(({ route, status }) => route === '/healthz' && status === 200),
  );
});

test('a page that cannot be built is named, with its line', async () => {
  const content = path.join(folder, 'content');
  await cp(here('content/'), content, { recursive: true });
  await writeFile(
    path.join(content, 'broken.md'),
    '# Broken\n\n[away](javascript:alert)\n',
  );
  await assert.rejects(
    build({ content }),
    /content\/broken\.md:3: the link .* leads nowhere/,
  );
  await writeFile(path.join(content, 'broken.md'), 'no title\n');
  await assert.rejects(
    build({ content }),
    /content\/broken\.md:1: begins without a title/,
  );
});

test('a wrong environment is refused with every problem', () => {
  assert.deepEqual(readConfiguration({}), {
    host: '0.0.0.0',
    port: 8080,
    drainSeconds: 5,
  });
  assert.throws(
    () => readConfiguration({ PORT: 'eighty', DRAIN_SECONDS: '99' }),
    /PORT.*DRAIN_SECONDS/,
  );
});
