// The page of a promotion whose diff has many lines, in a browser, against a running portal
// with the demo:
//   node benchmarks/promotionPage.mjs [--lines 2000] [--rounds 5] [--profiles desktop,throttled]
// The page, its data and the portal are real; only to the diff a file of so many changed
// lines is added on its way to the browser, as the demo has none of that size.
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { profiles } from './frontend/visit.mjs';
import { portalUrl, signIn } from './portal.mjs';

const FILE = 'added-by-the-benchmark.yaml';
const PERSONA = 'user:aurora/kim';

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '5' },
    profiles: { type: 'string', default: Object.keys(profiles).join() },
  },
});
const lineCount = Number(values.lines);
const id = await newestPromotion();
const browser = await launch();
const results = [];
try {
  // The first round warms the portal up and is dropped.
  for (let round = 0; round <= Number(values.rounds); round += 1) {
    for (const profile of values.profiles.split(',')) {
      const figures = await visit(profiles[profile]);
      if (round > 0) results.push({ profile, ...figures });
    }
  }
} finally {
  await browser.close();
}
console.log(
  `${cpus().length} cores, load ${loadavg()[0].toFixed(2)}, ${
    values.rounds
  } rounds; ${portalUrl}/delivery/promotions/${id} with ${lineCount} more lines`,
);
print();

async function newestPromotion() {
  const { call } = await signIn(PERSONA);
  const response = await call('/api/promotions/promotions?limit=1');
  const { items = [] } = response.ok ? await response.json() : {};
  if (items.length === 0) {
    throw new Error(
      `${portalUrl} has no promotion that ${PERSONA} sees: wait for the demo`,
    );
  }
  return items[0].id;
}

/** One visit with an empty cache; times in milliseconds since the navigation or the click. */
async function visit(profile) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
  });
  try {
    const page = await context.newPage();
    await page.addInitScript(prepare, PERSONA);
    await page.route(`**/promotions/${id}/diff`, async route => {
      const response = await route.fetch();
      await route.fulfill({ response, json: grow(await response.json()) });
    });
    if (profile) await slowDown(context, page, profile);
    await page.goto(`${portalUrl}/delivery/promotions/${id}`, {
      waitUntil: 'commit',
    });
    const file = page.getByRole('button', { name: new RegExp(FILE) });
    await file.waitFor({ timeout: 120_000 });
    const shown = await page.evaluate(() => performance.now());
    const whilePageLoads = await page.evaluate(() => window.benchmark.take());
    const clicked = await page.evaluate(() => performance.now());
    await file.click();
    await page
      .getByText(`line ${lineCount}`, { exact: true })
      .waitFor({ state: 'attached', timeout: 120_000 });
    const unfolded = await page.evaluate(() => performance.now());
    const whileUnfolding = await page.evaluate(() => window.benchmark.take());
    return {
      'LCP, ms': whilePageLoads.paint,
      'diff is there, ms': shown,
      'longest task until then, ms': whilePageLoads.longest,
      'all lines unfolded after the click, ms': unfolded - clicked,
      'longest task meanwhile, ms': whileUnfolding.longest,
      'layout shift': whilePageLoads.shift + whileUnfolding.shift,
    };
  } finally {
    await context.close();
  }
}

/** Runs in the page before anything else: signs in, and notes what the browser tells. */
function prepare(persona) {
  window.localStorage.setItem('portico.persona', persona);
  const noted = { paint: 0, longest: 0, shift: 0 };
  const observers = [
    ['largest-contentful-paint', entry => (noted.paint = entry.startTime)],
    [
      'longtask',
      entry => (noted.longest = Math.max(noted.longest, entry.duration)),
    ],
    [
      'layout-shift',
      entry => (noted.shift += entry.hadRecentInput ? 0 : entry.value),
    ],
  ].map(([type, note]) => {
    const observer = new PerformanceObserver(list =>
      list.getEntries().forEach(note),
    );
    observer.observe({ type, buffered: true });
    return { observer, note };
  });
  window.benchmark = {
    take: () => {
      observers.forEach(({ observer, note }) =>
        observer.takeRecords().forEach(note),
      );
      const taken = { ...noted };
      noted.longest = 0;
      noted.shift = 0;
      return taken;
    },
  };
}

/** The diff with one more file. */
function grow(diff) {
  const lines = Array.from({ length: lineCount }, (_, index) => ({
    kind: index % 3 === 0 ? 'removed' : 'added',
    text: `line ${index + 1}`,
  }));
  return {
    ...diff,
    manifests: {
      ...diff.manifests,
      items: [
        ...diff.manifests.items,
        { name: FILE, change: 'changed', lines, cut: false },
      ],
    },
  };
}

async function slowDown(context, page, profile) {
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: profile.cpu });
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: profile.latency,
    downloadThroughput: profile.bytesPerSecond,
    uploadThroughput: profile.bytesPerSecond,
  });
}

function launch() {
  const { chromium } = createRequire(import.meta.url)('@playwright/test');
  return chromium.launch({
    executablePath: [
      process.env.PORTICO_CHROMIUM,
      '/usr/bin/chromium',
      '/usr/bin/google-chrome',
    ].find(path => path && existsSync(path)),
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
  });
}

function print() {
  const names = Object.keys(results[0] ?? {}).filter(
    name => name !== 'profile',
  );
  console.table(
    values.profiles.split(',').flatMap(profile =>
      names.map(figure => {
        const sorted = results
          .filter(result => result.profile === profile)
          .map(result => result[figure])
          .sort((a, b) => a - b);
        const at = share =>
          sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
        const digits = figure === 'layout shift' ? 3 : 0;
        return {
          profile,
          figure,
          p50: at(0.5).toFixed(digits),
          p95: at(0.95).toFixed(digits),
        };
      }),
    ),
  );
}
