// Makes an unchanged Backstage 1.55 app with its own generator and starts it on port 7107,
// as the yardstick of benchmarks/frontend.mjs:
//   PORTICO_TEST_POSTGRES=postgres://… node benchmarks/stock.mjs
// Needs an empty PostgreSQL that the given login may create databases in. Only versions
// (those that this repository pins) and the database differ from what the generator writes.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, '.portico', 'benchmarks', 'stock');
const postgres = process.env.PORTICO_TEST_POSTGRES;
if (!postgres) {
  console.error('Set PORTICO_TEST_POSTGRES to the address of a PostgreSQL.');
  process.exit(2);
}
const yarn = join(root, '.yarn', 'releases', 'yarn-4.13.0.cjs');
const run = (command, args, options = {}) =>
  execFileSync(command, args, { stdio: 'inherit', ...options });

if (!existsSync(folder)) {
  run(
    'npx',
    ['-y', '@backstage/create-app@0.9.2', '--skip-install', '--path', folder],
    {
      input: 'stock\n',
      stdio: ['pipe', 'inherit', 'inherit'],
    },
  );
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const file = join(folder, 'package.json');
  const stock = JSON.parse(readFileSync(file, 'utf8'));
  stock.resolutions = { ...stock.resolutions, ...own.resolutions };
  stock.dependenciesMeta = own.dependenciesMeta;
  delete stock.devDependencies['node-gyp'];
  writeFileSync(file, JSON.stringify(stock, null, 2));
  const backendFile = join(folder, 'packages', 'backend', 'package.json');
  const backend = JSON.parse(readFileSync(backendFile, 'utf8'));
  delete backend.dependencies['better-sqlite3'];
  delete backend.dependencies['node-gyp'];
  writeFileSync(backendFile, JSON.stringify(backend, null, 2));
  const { hostname, port, username, password } = new URL(postgres);
  writeFileSync(
    join(folder, 'app-config.local.yaml'),
    `app:\n  baseUrl: http://localhost:7107\nbackend:\n  baseUrl: http://localhost:7107\n  listen:\n    port: 7107\n  cors:\n    origin: http://localhost:7107\n  auth:\n    keys:\n      - secret: benchmark\n  database:\n    client: pg\n    connection: { host: ${hostname}, port: ${port}, user: ${username}, password: ${password} }\n    prefix: stock_\nauth:\n  providers:\n    guest: { dangerouslyAllowOutsideDevelopment: true }\n`,
  );
  run('git', ['init', '-q'], { cwd: folder });
  writeFileSync(
    join(folder, '.yarnrc.yml'),
    `nodeLinker: node-modules\nnpmMinimalAgeGate: 0\nenableTelemetry: false\nyarnPath: ${yarn}\n`,
  );
  run(process.execPath, [yarn, 'install'], { cwd: folder });
  run(
    process.execPath,
    [
      yarn,
      'workspace',
      'app',
      'build',
      '--config',
      '../../app-config.yaml',
      '--config',
      '../../app-config.local.yaml',
    ],
    { cwd: folder },
  );
}

spawn(
  process.execPath,
  [
    '--require',
    '@backstage/cli/config/nodeTransform.cjs',
    'src/index.ts',
    '--config',
    '../../app-config.yaml',
    '--config',
    '../../app-config.local.yaml',
  ],
  {
    cwd: join(folder, 'packages', 'backend'),
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'production' },
  },
);
