// One visit of a page in a browser, and what it took.

/** Conditions of the machine and of the network. */
export const profiles = {
  desktop: undefined,
  // CPU four times slower, 10 Mbit/s, 40 ms there and back.
  throttled: { cpu: 4, bytesPerSecond: 10_000_000 / 8, latency: 40 },
};

/** Runs in the page: notes when enough rows of the table are painted. */
function watchTable({ links, wanted }) {
  const check = () => {
    if (document.querySelectorAll(links).length >= wanted) {
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          window.benchmarkRowsAt = performance.now();
        }),
      );
    } else {
      requestAnimationFrame(check);
    }
  };
  requestAnimationFrame(check);
}

/** Loads an address with an empty cache, then once more with what the cache kept. */
export async function visitColdAndWarm(browser, options) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    storageState: options.state,
  });
  try {
    const cold = await visit(context, options);
    const warm = await visit(context, options);
    return { cold, warm };
  } finally {
    await context.close();
  }
}

async function visit(context, { url, profile, table, check }) {
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  if (profile) {
    await devtools.send('Emulation.setCPUThrottlingRate', {
      rate: profile.cpu,
    });
    await devtools.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: profile.latency,
      downloadThroughput: profile.bytesPerSecond,
      uploadThroughput: profile.bytesPerSecond,
    });
  }
  const traffic = countTraffic(devtools);
  if (table) {
    await page.addInitScript(watchTable, table);
  }
  await page.goto(url, { waitUntil: 'commit' });
  const figures = {};
  if (table) {
    await page.waitForFunction(() => window.benchmarkRowsAt !== undefined, {
      timeout: 120_000,
    });
    figures.rows = await page.evaluate(() => window.benchmarkRowsAt);
    figures.bytesUntilRows = traffic.scriptBytes();
    figures.requestsUntilRows = traffic.apiRequests();
    await check(page);
    const field = table.field(page);
    await field.focus();
    const typedAt = await page.evaluate(() => performance.now());
    await page.keyboard.type(table.word);
    // The one entity with the word is left, and the others are gone.
    await page.waitForFunction(
      ({ links, word }) => {
        const all = [...document.querySelectorAll(links)];
        return all.length > 0 && all.every(link => link.href.includes(word));
      },
      { links: table.links, word: table.word },
      { timeout: 120_000, polling: 'raf' },
    );
    figures.usable = await page.evaluate(() => performance.now());
    figures.reaction = figures.usable - typedAt;
  } else {
    await page.waitForLoadState('networkidle', { timeout: 120_000 });
  }
  figures.paint = await page.evaluate(
    () =>
      new Promise(resolve => {
        new PerformanceObserver(list =>
          resolve(list.getEntries().at(-1)?.startTime ?? 0),
        ).observe({ type: 'largest-contentful-paint', buffered: true });
      }),
  );
  figures.bytes = traffic.scriptBytes();
  figures.files = traffic.scripts();
  await page.close();
  return figures;
}

/** Scripts with their bytes on the wire, and requests to the portal's API. */
function countTraffic(devtools) {
  const scripts = new Map();
  let api = 0;
  devtools.on('Network.requestWillBeSent', ({ request }) => {
    if (new URL(request.url).pathname.startsWith('/api/')) api += 1;
  });
  devtools.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.set(requestId, 0);
  });
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) scripts.set(requestId, encodedDataLength);
  });
  return {
    scriptBytes: () => [...scripts.values()].reduce((a, b) => a + b, 0),
    scripts: () => scripts.size,
    apiRequests: () => api,
  };
}
