// An unchanged Backstage 1.55 app from its own generator, built once and kept. Only
// versions (those that this repository pins) differ from what the generator writes.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Makes and builds the app in a folder, unless it is there. */
export function buildStockApp(folder) {
  if (existsSync(folder)) return;
  const making = `${folder}-in-the-making`;
  rmSync(making, { recursive: true, force: true });
  const yarn = join(root, '.yarn', 'releases', 'yarn-4.13.0.cjs');
  const run = (command, args, options = {}) =>
    execFileSync(command, args, { stdio: 'inherit', cwd: making, ...options });
  run(
    'npx',
    ['-y', '@backstage/create-app@0.9.2', '--skip-install', '--path', making],
    { input: 'stock\n', stdio: ['pipe', 'inherit', 'inherit'], cwd: root },
  );
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  edit(join(making, 'package.json'), stock => {
    stock.resolutions = { ...stock.resolutions, ...own.resolutions };
    stock.dependenciesMeta = own.dependenciesMeta;
    delete stock.devDependencies['node-gyp'];
  });
  edit(join(making, 'packages', 'backend', 'package.json'), backend => {
    delete backend.dependencies['better-sqlite3'];
    delete backend.dependencies['node-gyp'];
  });
  run('git', ['init', '-q']);
  writeFileSync(
    join(making, '.yarnrc.yml'),
    `nodeLinker: node-modules\nnpmMinimalAgeGate: 0\nenableTelemetry: false\nyarnPath: ${yarn}\n`,
  );
  run(process.execPath, [yarn, 'install']);
  run(process.execPath, [yarn, 'workspace', 'app', 'build']);
  renameSync(making, folder);
}

function edit(file, change) {
  const content = JSON.parse(readFileSync(file, 'utf8'));
  change(content);
  writeFileSync(file, JSON.stringify(content, null, 2));
}
