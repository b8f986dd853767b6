// The home page and the catalog's table in a browser, Portico against an unchanged
// Backstage 1.55 app, on the same data and in one run:
//   node benchmarks/frontend.mjs [--entities 1000] [--rounds 10]
//     [--profiles desktop,throttled] [--scratch <folder>] [--port 7186] [--hold]
// It starts PostgreSQL and both portals (the given port and the next one); the first run
// generates and builds the stock app. See README.md.
import { createRequire } from 'node:module';
import { appendFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  dropDatabases,
  startPorticoApp,
  startStockApp,
} from './frontend/sides.mjs';
import { buildStockApp } from './frontend/stockApp.mjs';
import { profiles, visitColdAndWarm } from './frontend/visit.mjs';
import { makeDataSet } from './walls/dataSet.mjs';
import { startPostgres } from './walls/postgres.mjs';

const { values } = parseArgs({
  options: {
    entities: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '10' },
    profiles: { type: 'string', default: Object.keys(profiles).join() },
    port: { type: 'string', default: '7186' },
    hold: { type: 'boolean', default: false },
    scratch: {
      type: 'string',
      default: join(tmpdir(), 'portico-frontend-benchmark'),
    },
    stock: {
      type: 'string',
      default: resolve(import.meta.dirname, '../.portico/benchmarks/stock'),
    },
  },
});
const rounds = Number(values.rounds);
const folder = join(resolve(values.scratch), 'run');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const csv = join(folder, 'figures.csv');
appendFileSync(csv, 'round,profile,cache,page,side,figure,value,load\n');

// What was started ends with us, also on Ctrl-C.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => process.exit(130));
}

const dataSet = oneTenant(Number(values.entities));
const [tenant] = dataSet.tenants;
const components = dataSet.entities.filter(({ kind }) => kind === 'Component');
// A part of one name alone, which both sides look for in names.
const word = components[0].metadata.name.split('-').at(-1);

buildStockApp(values.stock);
const postgres = await startPostgres({
  folder,
  port: Number(values.port) + 50_000 - 3000,
});
const sides = [];
let browser;
try {
  if (process.env.PORTICO_BENCHMARK_POSTGRES) await dropDatabases(postgres);
  const context = { postgres, dataSet, folder };
  const portico = await startPorticoApp({
    ...context,
    port: Number(values.port),
  });
  sides.push(portico);
  const stock = await startStockApp({
    ...context,
    port: Number(values.port) + 1,
    app: values.stock,
  });
  sides.push(stock);
  console.log(
    `${cpus().length} cores, Node ${process.version}; ${
      dataSet.entities.length
    } entities, ${components.length} components; ${portico.address} and ${
      stock.address
    }`,
  );
  if (values.hold) {
    console.log('Both run until Ctrl-C.');
    await new Promise(() => setInterval(() => {}, 60_000));
  }
  browser = await launch();
  await measure(portico, stock);
} finally {
  await browser?.close();
  await Promise.allSettled(sides.map(side => side.stop()));
  await postgres.stop();
}
process.exit();

async function measure(portico, stock) {
  const table = {
    links: `a[href*="/catalog/${tenant.id}/component/"]`,
    // One page of the stock table.
    wanted: 20,
    word,
  };
  const states = {
    portico: {
      cookies: [],
      origins: [
        {
          origin: portico.address,
          localStorage: [
            { name: 'portico.persona', value: `user:${tenant.id}/reader` },
          ],
        },
      ],
    },
    stock: await signInAsGuest(stock.address),
  };
  const visits = {
    home: {
      portico: { url: `${portico.address}/` },
      stock: { url: `${stock.address}/home` },
    },
    catalog: {
      portico: {
        url: `${portico.address}/catalog`,
        table: { ...table, field: page => page.getByRole('searchbox').first() },
        check: expectCount,
      },
      stock: {
        url: `${stock.address}/`,
        table: {
          ...table,
          field: page => page.getByPlaceholder(/search|filter/i).first(),
        },
        check: expectCount,
      },
    },
  };
  const results = [];
  // The first round warms both backends up and is dropped.
  for (let round = 0; round <= rounds; round++) {
    for (const profile of values.profiles.split(',')) {
      for (const [page, ways] of Object.entries(visits)) {
        const order = round % 2 ? ['portico', 'stock'] : ['stock', 'portico'];
        for (const side of order) {
          const figures = await visitColdAndWarm(browser, {
            ...ways[side],
            state: states[side],
            profile: profiles[profile],
          });
          for (const [cache, values_] of Object.entries(figures)) {
            for (const [figure, value] of Object.entries(values_)) {
              appendFileSync(
                csv,
                `${[
                  round,
                  profile,
                  cache,
                  page,
                  side,
                  figure,
                  value.toFixed(1),
                  loadavg()[0].toFixed(2),
                ].join()}\n`,
              );
              if (round > 0) {
                results.push({
                  round,
                  profile,
                  cache,
                  page,
                  side,
                  figure,
                  value,
                });
              }
            }
          }
        }
      }
    }
    console.log(`round ${round} of ${rounds}, load ${loadavg()[0].toFixed(2)}`);
  }
  print(results);
  console.log(`Every single figure is in ${csv}.`);
}

/** A faster wrong answer does not count: both have to tell the same number. */
async function expectCount(page) {
  await page
    .getByText(new RegExp(`\\b${components.length}\\b`))
    .first()
    .waitFor();
}

async function signInAsGuest(address) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(address);
  await page.getByRole('button', { name: /enter/i }).first().click();
  await page.getByRole('link', { name: 'Settings' }).first().waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

function launch() {
  const { chromium } = createRequire(import.meta.url)('@playwright/test');
  return chromium.launch({
    executablePath: [
      process.env.PORTICO_CHROMIUM,
      '/usr/bin/chromium',
      '/usr/bin/google-chrome',
    ].find(path => path && existsSync(path)),
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
}

/** One tenant of about so many entities, as both sides get it. */
function oneTenant(size) {
  const all = makeDataSet({ entities: Math.round(size * 1.25), tenants: 1 });
  const { id } = all.tenants[0];
  return {
    tenants: all.tenants.filter(item => item.id === id),
    entities: all.entities.filter(({ metadata }) => metadata.namespace === id),
  };
}

function print(results) {
  const shown = {
    paint: 'LCP, ms',
    rows: 'rows of the table, ms',
    usable: 'a typed filter has reacted, ms',
    reaction: 'from the first key to the filtered table, ms',
    bytes: 'JavaScript on the wire, KiB',
    bytesUntilRows: 'JavaScript until the rows, KiB',
    requestsUntilRows: 'requests to the API until the rows',
  };
  const unit = figure => (figure.startsWith('bytes') ? 1024 : 1);
  const rows = [];
  for (const page of ['home', 'catalog']) {
    for (const profile of values.profiles.split(',')) {
      for (const cache of ['cold', 'warm']) {
        for (const [figure, name] of Object.entries(shown)) {
          const of = side =>
            results
              .filter(
                item =>
                  item.page === page &&
                  item.profile === profile &&
                  item.cache === cache &&
                  item.figure === figure &&
                  item.side === side,
              )
              .map(item => item.value / unit(figure));
          const [portico, stock] = [of('portico'), of('stock')];
          if (portico.length === 0) continue;
          const ratios = portico.map((value, index) => value / stock[index]);
          rows.push({
            page,
            profile,
            cache,
            figure: name,
            'Portico p50': Math.round(at(portico, 0.5)),
            p95: Math.round(at(portico, 0.95)),
            'stock p50': Math.round(at(stock, 0.5)),
            'stock p95': Math.round(at(stock, 0.95)),
            'ratio p50': at(ratios, 0.5).toFixed(2),
          });
        }
      }
    }
  }
  console.table(rows);
}

function at(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
