// Bytes of JavaScript and Largest Contentful Paint of the home page, Portico against an
// unchanged Backstage 1.55 app. Both are running; the runs alternate, each with an empty
// cache and a person who has signed in before.
//   node benchmarks/frontend.mjs portico=http://localhost:7007/ \
//     stock=http://localhost:7107/ stock-home=http://localhost:7107/home
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { summary } from './portal.mjs';

const { chromium } = createRequire(import.meta.url)('@playwright/test');
const executablePath = [
  process.env.PORTICO_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
].find(path => path && existsSync(path));
const viewport = { width: 1280, height: 800 };
const runs = 15;

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

/** Both apps have it in their navigation, which is there once one has signed in. */
const isSignedIn = page =>
  page.getByRole('link', { name: 'Settings' }).first().waitFor();

/** Signs in once and returns what the browser keeps of it. */
async function signIn({ name, url }) {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  await page.goto(url);
  await page
    .getByRole('button', { name: name.startsWith('stock') ? /enter/i : /kim/i })
    .first()
    .click();
  await isSignedIn(page);
  const state = await context.storageState();
  await context.close();
  return state;
}

/** Loads the page with an empty cache: milliseconds of the paint, bytes of scripts. */
async function load({ url, state }) {
  const context = await browser.newContext({ viewport, storageState: state });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  const scripts = new Map();
  devtools.on('Network.responseReceived', event => {
    if (event.type === 'Script') {
      scripts.set(event.requestId, { transferred: 0, decoded: 0 });
    }
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
  await isSignedIn(page);
  await page.waitForLoadState('networkidle');
  const paint = await page.evaluate(
    () =>
      new Promise(resolve => {
        new PerformanceObserver(list =>
          resolve(list.getEntries().at(-1)?.startTime ?? 0),
        ).observe({ type: 'largest-contentful-paint', buffered: true });
      }),
  );
  await context.close();
  const sum = key =>
    [...scripts.values()].reduce((total, script) => total + script[key], 0);
  return {
    paint,
    scripts: `${scripts.size} files, ${sum('decoded')} bytes, ${sum(
      'transferred',
    )} bytes on the wire`,
  };
}

const targets = process.argv.slice(2).map(argument => {
  const [name, ...url] = argument.split('=');
  return { name, url: url.join('='), paints: [] };
});
for (const target of targets) {
  target.state = await signIn(target);
}
for (let run = 0; run < runs; run += 1) {
  for (const target of targets) {
    const { paint, scripts } = await load(target);
    target.paints.push(paint);
    target.scripts = scripts;
  }
}
for (const { name, paints, scripts } of targets) {
  console.log(`${name}: LCP ${summary(paints)}; JavaScript ${scripts}`);
}
await browser.close();
