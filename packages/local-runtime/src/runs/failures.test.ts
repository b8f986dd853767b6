import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Run } from '@portico/plugin-local-runtime-common';
import { serviceFiles } from '../__testUtils__/serviceFiles';
import { TestGit } from '../__testUtils__/TestGit';
import {
  type RuntimeClient,
  TestRuntime,
  until,
} from '../__testUtils__/TestRuntime';
import { isAlive } from '../__testUtils__/isAlive';

jest.setTimeout(60_000);

const MEBIBYTE = 1024 * 1024;
const git = new TestGit();
const test = new TestRuntime({
  gitDirectory: git.directory,
  configuration: {
    concurrentRuns: 2,
    runLimits: {
      installMilliseconds: 30_000,
      testMilliseconds: 30_000,
      buildMilliseconds: 4_000,
      memoryBytes: 300 * MEBIBYTE,
      outputBytes: 100_000,
      diskBytes: 20 * MEBIBYTE,
    },
  },
});
const outside = mkdtempSync(join(tmpdir(), 'runtime-outside-'));
let client: RuntimeClient;

beforeAll(async () => {
  client = await test.start();
});
afterAll(async () => {
  await test.remove();
  git.remove();
  rmSync(outside, { recursive: true });
});

async function runOf(
  repository: string,
  files: Record<string, string | undefined>,
): Promise<{ run: Run; log: string }> {
  const commit = git.push('aurora', repository, files);
  const run = await until(async () => {
    const [newest] = await client.runs({ tenant: 'aurora', repository });
    return (
      newest?.commit.id === commit &&
      newest.state !== 'queued' &&
      newest.state !== 'running' &&
      newest
    );
  });
  const { text, complete } = await client.log(run.id);
  expect(complete).toBe(true);
  return { run, log: text };
}

it('tells of a failing test, with what it printed', async () => {
  const { run, log } = await runOf('failing', {
    ...serviceFiles({
      name: 'failing',
      test: 'console.error("expected 2, got 3"); process.exit(7);',
    }),
  });
  expect(run).toMatchObject({
    state: 'failed',
    component: 'failing',
    reason: {
      code: 'testsFailed',
      step: 'test',
      message: '"npm test" ended with exit code 7; the log says why.',
    },
  });
  expect(run.steps.map(({ state }) => state)).toEqual([
    'succeeded',
    'succeeded',
    'failed',
    'skipped',
    'skipped',
  ]);
  expect(log).toContain('expected 2, got 3');
  expect((await client.releases()).items).toEqual([]);
});

it('ends a hanging build with everything that it started', async () => {
  const pids = join(outside, 'pids');
  const { run } = await runOf(
    'hanging',
    serviceFiles({
      name: 'hanging',
      // One child in the group, and one that left it and its parent.
      build: `
        const { spawn } = require('node:child_process');
        const sleep = ['-e', 'setInterval(() => {}, 1000)'];
        const inside = spawn(process.execPath, sleep, { stdio: 'inherit' });
        const away = spawn(process.execPath, sleep, { detached: true, stdio: 'ignore' });
        away.unref();
        require('node:fs').writeFileSync(${JSON.stringify(
          pids,
        )}, [inside.pid, away.pid].join(' '));
        process.on('SIGTERM', () => {});
        setInterval(() => {}, 1000);`,
    }),
  );
  expect(run).toMatchObject({
    state: 'timedOut',
    reason: {
      code: 'timeLimit',
      step: 'build',
      message: expect.stringContaining('did not end within 4 s'),
    },
  });
  const started = readFileSync(pids, 'utf8').split(' ').map(Number);
  expect(started).toHaveLength(2);
  expect(started.filter(isAlive)).toEqual([]);
});

it.each([
  [
    'memory',
    'memoryLimit',
    'const kept = []; setInterval(() => kept.push(Buffer.alloc(30e6, 1)), 20);',
  ],
  [
    'output',
    'outputLimit',
    'setInterval(() => process.stdout.write("x".repeat(10000)), 1);',
  ],
  [
    'disk',
    'diskLimit',
    'require("node:fs").writeFileSync("large", Buffer.alloc(25 * 1024 * 1024, 1));',
  ],
])('ends a test that takes too much %s', async (name, code, script) => {
  const { run } = await runOf(
    `too-much-${name}`,
    serviceFiles({ name: `too-much-${name}`, test: script }),
  );
  expect(run).toMatchObject({
    state: 'failed',
    reason: { code, step: 'test', message: expect.stringMatching(/MiB/) },
  });
});

it.each([
  [
    'portico.yaml',
    'kind: Service\napiVersion: portico/v1',
    'invalidPorticoFile',
  ],
  ['package-lock.json', undefined, 'missingFile'],
  ['package.json', '{"scripts":{"test":"true"}}', 'missingFile'],
  ['package-lock.json', '{', 'missingFile'],
])('tells what is wrong with %s (%j)', async (file, content, code) => {
  const { run } = await runOf('wrong', { ...serviceFiles(), [file]: content });
  expect(run).toMatchObject({
    state: 'failed',
    reason: { code, message: expect.stringContaining(file.split('.')[0]) },
  });
});

it('tells of packages that cannot be installed', async () => {
  const dependencies = { missing: 'file:vendor/missing.tgz' };
  const { run, log } = await runOf('uninstallable', {
    ...serviceFiles({ name: 'uninstallable' }),
    'package.json': JSON.stringify({
      name: 'uninstallable',
      version: '1.0.0',
      dependencies,
      scripts: { test: 'true', start: 'true' },
    }),
    'package-lock.json': JSON.stringify({
      name: 'uninstallable',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: {
        '': { name: 'uninstallable', version: '1.0.0', dependencies },
        'node_modules/missing': {
          version: '1.0.0',
          resolved: 'file:vendor/missing.tgz',
        },
      },
    }),
  });
  expect(run).toMatchObject({
    state: 'failed',
    reason: { code: 'installFailed', step: 'install' },
  });
  expect(log).toMatch(/ENOENT.*missing\.tgz/);
});

it('refuses the component of another repository', async () => {
  const first = await runOf('first', serviceFiles({ name: 'taken' }));
  expect(first.run.state).toBe('succeeded');
  const { run } = await runOf('second', serviceFiles({ name: 'taken' }));
  expect(run).toMatchObject({
    state: 'failed',
    reason: {
      code: 'componentTaken',
      message: expect.stringContaining("from the repository 'first'"),
    },
  });
});

it('gives a run neither what our environment holds nor our home', async () => {
  process.env.PORTICO_TEST_CANARY = 'canary-in-the-environment';
  const { run, log } = await runOf(
    'curious',
    serviceFiles({
      name: 'curious',
      test: 'console.log(JSON.stringify(process.env)); console.log(require("node:os").tmpdir());',
    }),
  );
  delete process.env.PORTICO_TEST_CANARY;
  expect(run.state).toBe('succeeded');
  expect(log).toContain('"CI":"true"');
  expect(log).not.toContain('canary-in-the-environment');
  expect(log).not.toContain('token-of-the-tests');
  expect(log).toContain(`"HOME":"${test.directory}/work/`);
  expect(log).not.toMatch(/"npm_config_registry"/);
  // Nothing of it is left.
  await until(() => !existsSync(join(test.directory, 'work', run.id)));
});
