import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceFiles } from './__testUtils__/serviceFiles';
import { TestGit } from './__testUtils__/TestGit';
import { RuntimeClient, TestRuntime, until } from './__testUtils__/TestRuntime';

jest.setTimeout(60_000);

const git = new TestGit();
const test = new TestRuntime({ gitDirectory: git.directory });
let client: RuntimeClient;
beforeAll(async () => {
  client = await test.start();
});
afterAll(async () => {
  await test.remove();
  git.remove();
});

const ended = async (repository: string, commit: string) =>
  until(async () => {
    const runs = await client.runs({ tenant: 'aurora', repository });
    const run = runs.find(({ commit: { id } }) => id === commit);
    return run?.endedAt !== undefined && run;
  });

it('leads a push to a release, and the declared revision to a running one', async () => {
  const commit = git.push('aurora', 'checkout', serviceFiles());
  await client.hint('aurora', 'checkout');
  const { items, cursor } = await client.releases(0, 20);
  expect(items).toMatchObject([
    {
      sequence: 1,
      tenant: 'aurora',
      component: 'checkout',
      repository: 'checkout',
      branch: 'main',
      commit: { id: commit, subject: 'A change', authorName: 'Kim' },
      version: `1.0.0+${commit.slice(0, 7)}`,
      replicas: { dev: 1, staging: 1, prod: 2 },
    },
  ]);
  expect(cursor).toBe(1);
  git.declare('aurora', 'checkout', 'staging', items[0].digest);
  git.declare('aurora', 'checkout', 'dev', items[0].digest);
  const { body } = await until(async () => {
    const answer = await client.call('/v1/status', {
      body: {
        components: [
          { tenant: 'aurora', component: 'checkout' },
          { tenant: 'borealis', component: 'checkout' },
        ],
      },
    });
    return (
      JSON.stringify(answer.body).match(/"running"/g)?.length === 4 && answer
    );
  });
  expect(body).toMatchObject({
    items: [
      {
        tenant: 'aurora',
        environments: [
          { environment: 'dev', state: 'running' },
          { environment: 'staging', state: 'running' },
        ],
        lastRun: { state: 'succeeded', commit },
      },
    ],
  });
});

it('asks for its token on every route, and says what is wrong with a request', async () => {
  const stranger = new RuntimeClient(client.url, 'another token altogether');
  for (const path of ['/v1/state', '/v1/releases', '/nothing']) {
    expect(await stranger.call(path)).toMatchObject({
      status: 401,
      body: { error: { name: 'AuthenticationError' } },
    });
  }
  expect(await stranger.hint('aurora', 'checkout')).toMatchObject({
    status: 401,
  });
  expect(await client.call('/nothing')).toMatchObject({ status: 404 });
  expect(await client.call('/v1/runs?tenant=..')).toMatchObject({
    status: 400,
    body: {
      error: { name: 'InputError', message: expect.stringMatching(/tenant/) },
    },
  });
  expect(
    await client.call('/v1/hints', {
      body: { tenant: 'aurora', repository: '../../etc' },
    }),
  ).toMatchObject({ status: 400 });
  expect(
    await client.call('/v1/components/aurora/checkout/prod/log'),
  ).toMatchObject({ status: 404 });
  expect(await client.call(`/v1/runs/${'0'.repeat(24)}-1/log`)).toMatchObject({
    status: 404,
  });
});

it('never runs a commit twice by itself, and again when asked after a failure', async () => {
  const commit = git.push(
    'aurora',
    'flaky',
    serviceFiles({
      name: 'flaky',
      test: `const fs = require('node:fs'); const file = ${JSON.stringify(
        join(git.directory, 'flaky'),
      )}; if (!fs.existsSync(file)) { fs.writeFileSync(file, ''); process.exit(1); }`,
    }),
  );
  for (let index = 0; index < 5; index += 1) {
    await client.hint('aurora', 'flaky');
  }
  const first = await ended('flaky', commit);
  expect(first.state).toBe('failed');
  const again = await client.call(`/v1/runs/${first.id}/repeat`, {
    method: 'POST',
  });
  expect(again).toMatchObject({ status: 202, body: { attempt: 2 } });
  // Not while one is open, nor after one succeeded.
  expect(
    await client.call(`/v1/runs/${first.id}/repeat`, { method: 'POST' }),
  ).toMatchObject({ status: 409 });
  await until(async () =>
    (
      await client.runs({ tenant: 'aurora', repository: 'flaky' })
    ).every(({ endedAt }) => endedAt),
  );
  expect(
    (await client.runs({ tenant: 'aurora', repository: 'flaky' })).map(
      ({ attempt, state }) => [attempt, state],
    ),
  ).toEqual([
    [2, 'succeeded'],
    [1, 'failed'],
  ]);
});

it('passes over commits that a newer one overtook in the queue', async () => {
  const wait = join(git.directory, 'go');
  git.push(
    'aurora',
    'busy',
    serviceFiles({
      name: 'busy',
      test: `const fs = require('node:fs'); const timer = setInterval(() => fs.existsSync(${JSON.stringify(
        wait,
      )}) && clearInterval(timer), 20);`,
    }),
  );
  await until(
    async () =>
      (
        await client.runs({ tenant: 'aurora', repository: 'busy' })
      )[0]?.state === 'running',
  );
  const old = git.push('aurora', 'quick', serviceFiles({ name: 'quick' }));
  await until(
    async () =>
      (await client.runs({ tenant: 'aurora', repository: 'quick' })).length ===
      1,
  );
  const newest = git.push('aurora', 'quick', { 'README.md': 'x' });
  expect(await ended('quick', old)).toMatchObject({
    state: 'superseded',
    reason: { code: 'superseded' },
  });
  // The one that was passed over becomes the head again.
  git.reset('aurora', 'quick', old);
  await until(async () =>
    (
      await client.runs({ tenant: 'aurora', repository: 'quick' })
    ).some(({ attempt }) => attempt === 2),
  );
  expect(await ended('quick', newest)).toMatchObject({ state: 'superseded' });
  writeFileSync(wait, '');
  await until(async () =>
    (
      await client.runs({ tenant: 'aurora', repository: 'quick' })
    ).some(
      ({ commit, attempt, state }) =>
        commit.id === old && attempt === 2 && state === 'succeeded',
    ),
  );
});

it('installs the locked packages without their scripts, once per lockfile', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'runtime-package-'));
  const mark = join(folder, 'script-ran');
  mkdirSync(join(folder, 'greeting'));
  writeFileSync(
    join(folder, 'greeting/package.json'),
    JSON.stringify({
      name: 'greeting',
      version: '1.0.0',
      scripts: { postinstall: `touch ${mark}` },
    }),
  );
  writeFileSync(
    join(folder, 'greeting/index.js'),
    'module.exports = "hello from a package";',
  );
  execFileSync('npm', ['pack', './greeting', '--silent'], { cwd: folder });
  const archive = readFileSync(join(folder, 'greeting-1.0.0.tgz'));
  const files = (name: string) => {
    const dependencies = { greeting: 'file:vendor/greeting.tgz' };
    return {
      ...serviceFiles({
        name,
        test: 'console.log(require("greeting")); require("node:fs").writeFileSync("node_modules/greeting/index.js", "changed");',
      }),
      'vendor/greeting.tgz': archive,
      'package.json': JSON.stringify({
        name,
        version: '1.0.0',
        dependencies,
        scripts: { test: 'node test.js', start: 'node main.js' },
      }),
      'package-lock.json': JSON.stringify({
        name,
        version: '1.0.0',
        lockfileVersion: 3,
        packages: {
          '': { name, version: '1.0.0', dependencies },
          'node_modules/greeting': {
            version: '1.0.0',
            resolved: 'file:vendor/greeting.tgz',
            hasInstallScript: true,
          },
        },
      }),
    };
  };
  const first = await ended('one', git.push('aurora', 'one', files('one')));
  const second = await ended('two', git.push('aurora', 'two', files('two')));
  const logs = await Promise.all(
    [first, second].map(async ({ id }) => (await client.log(id)).text),
  );
  expect([first.state, second.state]).toEqual(['succeeded', 'succeeded']);
  expect(logs[0]).toContain('$ npm ci --ignore-scripts');
  expect(logs[1]).toContain('those of an earlier run');
  // What a test changes in its packages is no other run's affair.
  expect(logs[1]).toContain('hello from a package');
  expect(() => readFileSync(mark)).toThrow('ENOENT');
  rmSync(folder, { recursive: true });
});

it('leaves repositories without portico.yaml alone, and forgets deleted ones', async () => {
  git.push('aurora', 'notes', { 'README.md': 'x' });
  git.push('aurora', 'notes', { 'README.md': 'y' });
  await client.hint('aurora', 'notes');
  const commit = git.push('aurora', 'gone', serviceFiles({ name: 'gone' }));
  const run = await ended('gone', commit);
  git.delete('aurora', 'gone');
  expect(await client.runs({ tenant: 'aurora', repository: 'notes' })).toEqual(
    [],
  );
  expect(
    await client.call(`/v1/runs/${run.id}/repeat`, { method: 'POST' }),
  ).toMatchObject({ status: 409 });
  expect(test.log).toHaveLength(1);
});
