// Bytes of JavaScript and Largest Contentful Paint of the home page, Portico against an
// unchanged Backstage 1.55 app, both running, in one run. For each: a name and the
// address of a running portal, after sign-in.
//   node benchmarks/frontend.mjs portico=http://localhost:7007/ stock=http://localhost:7107/
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { summary } from './portal.mjs';

const { chromium } = createRequire(import.meta.url)('@playwright/test');
const executablePath = [
  process.env.PORTICO_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
].find(path => path && existsSync(path));
const runs = 9;

/** How a person comes past the sign-in page of each kind of portal. */
async function signIn(page, name) {
  const button =
    name === 'stock'
      ? page.getByRole('button', { name: /enter/i })
      : page.getByRole('button', { name: /kim/i }).first();
  await button.click();
  await page.getByRole('navigation').first().waitFor();
}

const browser = await chromium.launch({
  executablePath,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});

for (const target of process.argv.slice(2)) {
  const [name, url] = [
    target.slice(0, target.indexOf('=')),
    target.slice(target.indexOf('=') + 1),
  ];
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
  });
  const first = await context.newPage();
  await first.goto(url);
  await signIn(first, name);
  const state = await context.storageState({ indexedDB: true });
  await context.close();

  const paints = [];
  let bytes;
  for (let run = 0; run < runs; run += 1) {
    const cold = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      storageState: state,
    });
    const page = await cold.newPage();
    const devtools = await cold.newCDPSession(page);
    await devtools.send('Network.enable');
    const scripts = new Map();
    devtools.on('Network.responseReceived', event => {
      if (event.type === 'Script')
        scripts.set(event.requestId, { transferred: 0, decoded: 0 });
    });
    devtools.on('Network.dataReceived', event => {
      const script = scripts.get(event.requestId);
      if (script) script.decoded += event.dataLength;
    });
    devtools.on('Network.loadingFinished', event => {
      const script = scripts.get(event.requestId);
      if (script) script.transferred = event.encodedDataLength;
    });
    await page.goto(url);
    if (name === 'stock') {
      // the guest's session is not kept over a reload in every set-up
      const enter = page.getByRole('button', { name: /enter/i });
      await Promise.race([
        enter.click({ timeout: 5_000 }).catch(() => undefined),
        page.getByRole('navigation').first().waitFor(),
      ]);
    }
    await page.getByRole('navigation').first().waitFor();
    await page.waitForLoadState('networkidle');
    const paint = await page.evaluate(
      () =>
        new Promise(resolve => {
          new PerformanceObserver(list =>
            resolve(list.getEntries().at(-1)?.startTime ?? 0),
          ).observe({
            type: 'largest-contentful-paint',
            buffered: true,
          });
        }),
    );
    paints.push(paint);
    const totals = [...scripts.values()].reduce(
      (sum, script) => ({
        transferred: sum.transferred + script.transferred,
        decoded: sum.decoded + script.decoded,
      }),
      { transferred: 0, decoded: 0 },
    );
    bytes = { files: scripts.size, ...totals };
    await cold.close();
  }
  console.log(
    `${name}: LCP ${summary(paints)}; JavaScript ${bytes.files} files, ${
      bytes.decoded
    } bytes, ${bytes.transferred} bytes on the wire`,
  );
}
await browser.close();
