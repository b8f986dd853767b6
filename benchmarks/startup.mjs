// Cold start from a clean clone with an empty home directory, the demo, warm starts, and
// memory when idle: node benchmarks/startup.mjs [--port 7180] [--no-demo] …
// The words go to `npm start`. `--here` measures warm starts of this folder instead of a
// clone, with data in a temporary folder: no installation, no first build.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { memoryText, processMemory } from './processMemory.mjs';

const IDLE_MILLISECONDS = 60_000;
const words = process.argv.slice(2);
const here = words.includes('--here');
const given = words.filter(word => word !== '--here');
const port = given.includes('--port')
  ? given[given.indexOf('--port') + 1]
  : '7007';
const withDemo = !given.includes('--no-demo');
const base = `http://localhost:${port}`;
const root = resolve(import.meta.dirname ?? '.', '..');
const folder = mkdtempSync(join(tmpdir(), 'portico-cold-'));
const clone = here ? root : join(folder, 'portico');
if (!here) {
  execFileSync('git', ['clone', '-q', root, clone]);
}

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
  const child = spawn(
    'npm',
    [
      'start',
      '--',
      ...given,
      ...(here ? ['--data', join(folder, 'data')] : []),
    ],
    {
      cwd: clone,
      env: here ? environment : { ...environment, HOME: join(folder, 'home') },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    },
  );
  const lines = createInterface({ input: child.stdout });
  lines.on('line', line => process.stdout.write(`  | ${line}\n`));
  child.demo = new Promise((done, failed) => {
    lines.on('line', line => {
      if (line.includes('The demo is complete')) done();
      if (line.includes('The demo is not complete')) failed(new Error(line));
    });
    child.once('exit', () => failed(new Error('The portal ended.')));
  });
  // Only the first run waits for it.
  child.demo.catch(() => {});
  return child;
}

async function stop(child) {
  const ended = new Promise(done => child.once('exit', done));
  process.kill(-child.pid, 'SIGINT');
  await ended;
}

async function reportMemory(child, when) {
  await new Promise(done => setTimeout(done, IDLE_MILLISECONDS));
  console.log(
    `${when}: ${memoryText(
      processMemory(child.pid),
    )}; proportional set sizes, number of processes in brackets`,
  );
  const load = readFileSync('/proc/loadavg', 'utf8').split(' ')[0];
  console.log(`load average of the machine: ${load}`);
}

const isPortal = async answer => (await answer.json()).status === 'ok';
const readiness = started =>
  until(started, '/.backstage/health/v1/readiness', isPortal);
try {
  let started = performance.now();
  let portal = start();
  const first = here ? 'first data' : 'cold';
  console.log(`${first}: first page after ${await until(started, '/')} ms`);
  console.log(`${first}: portal answers after ${await readiness(started)} ms`);
  if (withDemo) {
    const answered = performance.now();
    await portal.demo;
    console.log(
      `${first}: demo complete ${Math.round(
        performance.now() - answered,
      )} ms later`,
    );
    await reportMemory(portal, '60 s after the demo was complete');
  }
  await stop(portal);

  for (let run = 1; run <= 3; run += 1) {
    started = performance.now();
    portal = start();
    console.log(
      `warm ${run}: portal answers after ${await readiness(started)} ms`,
    );
    if (run === 3) {
      await reportMemory(portal, 'idle 60 s after a warm start');
    }
    await stop(portal);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
