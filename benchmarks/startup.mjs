// Cold start from a clean clone with an empty home directory, warm start, and memory
// when idle: node benchmarks/startup.mjs [--no-demo]
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const base = 'http://localhost:7007';
const root = resolve(import.meta.dirname ?? '.', '..');
const folder = mkdtempSync(join(tmpdir(), 'portico-cold-'));
const clone = join(folder, 'portico');
execFileSync('git', ['clone', '-q', root, clone]);

/** Milliseconds until the address answers 200 (and the check on it holds). */
async function until(started, path, check = async () => true) {
  for (;;) {
    try {
      const answer = await fetch(`${base}${path}`, {
        signal: AbortSignal.timeout(2_000),
      });
      if (answer.ok && (await check(answer))) {
        return Math.round(performance.now() - started);
      }
    } catch {
      // not listening yet
    }
    if (performance.now() - started > 30 * 60_000) {
      throw new Error(`${path} did not answer within 30 min.`);
    }
    await new Promise(done => setTimeout(done, 50));
  }
}

function start() {
  const { npm_config_userconfig: _ignored, ...environment } = process.env;
  return spawn('npm', ['start', '--', ...process.argv.slice(2)], {
    cwd: clone,
    env: { ...environment, HOME: join(folder, 'home') },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
}

async function stop(child) {
  const ended = new Promise(done => child.once('exit', done));
  process.kill(-child.pid, 'SIGINT');
  await ended;
}

/** Resident memory in MiB of the processes whose command line holds the text. */
function residentMemory(text) {
  const rows = execFileSync('ps', ['-eww', '-o', 'rss=,args='])
    .toString()
    .split('\n');
  const kib = rows
    .filter(row => row.includes(text) && !row.includes('benchmarks/startup'))
    .reduce((sum, row) => sum + Number(row.trim().split(/\s+/)[0]), 0);
  return Math.round(kib / 1024);
}

const isPortal = async answer => (await answer.json()).status === 'ok';
try {
  let started = performance.now();
  let portal = start();
  console.log(`cold: first page after ${await until(started, '/')} ms`);
  console.log(
    `cold: portal answers after ${await until(
      started,
      '/.backstage/health/v1/readiness',
      isPortal,
    )} ms`,
  );
  await stop(portal);

  for (let run = 1; run <= 3; run += 1) {
    started = performance.now();
    portal = start();
    console.log(
      `warm ${run}: portal answers after ${await until(
        started,
        '/.backstage/health/v1/readiness',
        isPortal,
      )} ms`,
    );
    if (run === 3) {
      await new Promise(done => setTimeout(done, 60_000));
      console.log(
        `idle after 60 s: backend ${residentMemory(
          'src/index.ts',
        )} MiB, PostgreSQL ${residentMemory(
          'postgres: portico_',
        )} MiB (sum of resident sets, shared pages counted more than once)`,
      );
      const load = readFileSync('/proc/loadavg', 'utf8').split(' ')[0];
      console.log(`load average of the machine: ${load}`);
    }
    await stop(portal);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
