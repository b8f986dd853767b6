import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './__testUtils__/isAlive';
import { RuntimeProcess } from './__testUtils__/RuntimeProcess';
import { serviceFiles } from './__testUtils__/serviceFiles';
import { TestGit } from './__testUtils__/TestGit';
import { until } from './__testUtils__/TestRuntime';
import { findFreePort } from './services/PortBook';

jest.setTimeout(120_000);

const git = new TestGit();
const directory = mkdtempSync(join(tmpdir(), 'runtime-killed-'));
const outside = mkdtempSync(join(tmpdir(), 'runtime-outside-'));
const running: RuntimeProcess[] = [];

afterAll(async () => {
  await Promise.all(running.map(process => process.stop()));
  git.remove();
  rmSync(directory, { recursive: true });
  rmSync(outside, { recursive: true });
});

async function start(): Promise<RuntimeProcess> {
  const process = await RuntimeProcess.start({
    PORTICO_GIT_DIRECTORY: git.directory,
    PORTICO_RUNTIME_DIRECTORY: directory,
    PORTICO_RUNTIME_PORT: String(await findFreePort('127.0.0.1')),
    PORTICO_RUNTIME_SCAN_SECONDS: '0.1',
  });
  running.push(process);
  return process;
}

const pidIn = (file: string) => {
  try {
    return Number(readFileSync(join(outside, file), 'utf8')) || undefined;
  } catch {
    return undefined;
  }
};
const notePid = (file: string) =>
  `require("node:fs").writeFileSync(${JSON.stringify(
    join(outside, file),
  )}, String(process.pid));`;

it('goes on after SIGKILL in a run, with services running, without orphans or a second release', async () => {
  let runtime = await start();

  // A service that runs, and refuses to end politely.
  git.push(
    'aurora',
    'checkout',
    serviceFiles({
      main: `${notePid('service')} process.on('SIGTERM', () => {});`,
    }),
  );
  const { items } = await runtime.client.releases(0, 25);
  git.declare('aurora', 'checkout', 'dev', items[0].digest);
  const status = await until(async () => {
    const now = await runtime.client.environment('aurora', 'checkout');
    return now?.state === 'running' && now;
  });

  // A run in the middle of its tests, with a process that left its group.
  const commit = git.push(
    'borealis',
    'slow',
    serviceFiles({
      name: 'slow',
      test: `${notePid('test')}
        const { spawn } = require('node:child_process');
        const away = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
        require('node:fs').writeFileSync(${JSON.stringify(
          join(outside, 'away'),
        )}, String(away.pid));
        setTimeout(() => process.exit(0), require('node:fs').existsSync(${JSON.stringify(
          join(outside, 'quick'),
        )}) ? 0 : 60000);`,
    }),
  );
  const orphans = await Promise.all(
    ['service', 'test', 'away'].map(file => until(() => pidIn(file))),
  );
  expect(orphans.map(isAlive)).toEqual([true, true, true]);

  running.splice(0);
  await runtime.kill();
  // Groups end at once, without anyone who starts it again.
  await until(() => !isAlive(orphans[0]) && !isAlive(orphans[1]));

  // From now on the test passes.
  git.push('aurora', 'unrelated', { 'README.md': 'x' });
  rmSync(join(outside, 'test'), { force: true });
  writeFileSync(join(outside, 'quick'), '');
  runtime = await start();
  // What left its group is found by its mark.
  expect(isAlive(orphans[2])).toBe(false);
  const { items: later } = await runtime.client.releases(1, 25);
  expect(later).toMatchObject([
    { sequence: 2, component: 'slow', commit: { id: commit } },
  ]);
  const runs = await runtime.client.runs({
    tenant: 'borealis',
    repository: 'slow',
  });
  expect(runs).toMatchObject([
    { attempt: 1, interruptions: 1, commit: { id: commit } },
  ]);

  // The service sleeps at the same address, and answers the first request.
  const after = await runtime.client.environment('aurora', 'checkout');
  expect(after).toMatchObject({ state: 'sleeping', address: status.address });
  expect(after?.declared?.since).toBe(status.declared?.since);
  expect((await fetch(`${status.address}/`)).status).toBe(200);

  // No commit is built twice, however often it starts.
  const service = pidIn('service') ?? -1;
  expect(await runtime.stop()).toBe(0);
  running.splice(0);
  expect(isAlive(service)).toBe(false);
  runtime = await start();
  expect((await runtime.client.releases()).items).toHaveLength(2);
  expect(
    await runtime.client.runs({ tenant: 'aurora', repository: 'checkout' }),
  ).toHaveLength(1);
});

it('makes exactly one release per commit, whenever it is killed', async () => {
  const commits: string[] = [];
  for (let round = 0; round < 4; round += 1) {
    const [runtime] = running.splice(0);
    commits.push(
      git.push(
        'borealis',
        'killed',
        serviceFiles({ name: 'killed', version: `1.0.${round}` }),
      ),
    );
    const wanted = await until(async () => {
      const [run] = await runtime.client.runs({
        tenant: 'borealis',
        repository: 'killed',
      });
      return (
        run?.commit.id === commits.at(-1) &&
        // Another moment in each round: in a step, after the build, at the end.
        (run.state === 'succeeded' ||
          run.steps[round + 1]?.state === 'running') &&
        run
      );
    });
    await runtime.kill();
    const next = await start();
    await until(async () => {
      const { status, body } = await next.client.call(`/v1/runs/${wanted.id}`);
      return (
        status === 200 && (body as { state: string }).state === 'succeeded'
      );
    });
  }
  const [runtime] = running;
  const { items } = await runtime.client.releases();
  expect(
    items
      .filter(({ component }) => component === 'killed')
      .map(({ commit }) => commit.id),
  ).toEqual(commits);
  expect(items.map(({ sequence }) => sequence)).toEqual(
    items.map((_, index) => index + 1),
  );
});

it('has its state folder for itself, and ends when whoever started it is gone', async () => {
  await expect(start()).rejects.toThrow(
    new RegExp(`already runs on .* \\(process ${running[0].pid}\\)`),
  );
  const [runtime] = running.splice(0);
  expect(await runtime.abandon()).toBe(0);
});

it('leaves processes of others alone', async () => {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    stdio: 'ignore',
    env: { PORTICO_RUNTIME_MARK: 'ffffffffffffffff.1.1.' },
  });
  const runtime = await start();
  running.splice(0);
  await runtime.stop();
  expect(isAlive(other.pid ?? -1)).toBe(true);
  other.kill('SIGKILL');
});

it.each([
  ['in production', { NODE_ENV: 'production' }],
  ['on other addresses', { PORTICO_RUNTIME_HOST: '0.0.0.0' }],
  ['without a token', { PORTICO_RUNTIME_TOKEN: '' }],
])('does not start %s', async (_, environment) => {
  await expect(
    RuntimeProcess.start({
      PORTICO_GIT_DIRECTORY: git.directory,
      PORTICO_RUNTIME_DIRECTORY: directory,
      ...environment,
    }),
  ).rejects.toThrow(/It ended with 1: InputError: The local runtime/);
});
