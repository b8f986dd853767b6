import { appendFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import {
  type EnvironmentStatus,
  serviceLogSchema,
  serviceMetricsSchema,
} from '@portico/plugin-local-runtime-common';
import { isAlive } from '../__testUtils__/isAlive';
import {
  serviceFiles,
  type ServiceVariation,
} from '../__testUtils__/serviceFiles';
import { TestGit } from '../__testUtils__/TestGit';
import {
  type RuntimeClient,
  TestRuntime,
  until,
} from '../__testUtils__/TestRuntime';

jest.setTimeout(60_000);

const git = new TestGit();
const test = new TestRuntime({
  gitDirectory: git.directory,
  configuration: { concurrentRuns: 2 },
  times: {
    startMilliseconds: 10_000,
    graceMilliseconds: 2_000,
    probeMilliseconds: 100,
    sampleMilliseconds: 100,
  },
});
let client: RuntimeClient;
beforeAll(async () => {
  client = await test.start();
});
afterAll(async () => {
  await test.remove();
  git.remove();
});

/** Pushes a service and gives the digest of its release. */
async function release(name: string, variation: ServiceVariation = {}) {
  const commit = git.push('aurora', name, serviceFiles({ name, ...variation }));
  await client.hint('aurora', name);
  return until(async () => {
    const { items } = await client.releases(0, 1);
    return items.find(item => item.commit.id === commit)?.digest;
  });
}

async function deploy(
  name: string,
  variation: ServiceVariation,
  state: EnvironmentStatus['state'],
): Promise<EnvironmentStatus> {
  const digest = await release(name, variation);
  git.declare('aurora', name, 'dev', digest);
  return reached(name, now => now.state === state);
}

function reached(
  name: string,
  condition: (status: EnvironmentStatus) => boolean,
  environment = 'dev',
): Promise<EnvironmentStatus> {
  return until(async () => {
    const now = await client.environment('aurora', name, environment);
    return now && condition(now) && now;
  });
}

async function logOf(name: string): Promise<string> {
  const { body } = await client.call(
    `/v1/components/aurora/${name}/dev/log?limit=1000`,
  );
  return serviceLogSchema
    .parse(body)
    .items.map(({ source, text }) => `${source}: ${text}`)
    .join('\n');
}

async function ask(
  status: EnvironmentStatus,
): Promise<Record<string, unknown>> {
  // A connection per request: one that is kept ends with its process.
  const response = await fetch(`${status.address}/`, {
    headers: { connection: 'close' },
  });
  return response.json();
}

it('shows health, version, log and figures of what runs', async () => {
  const status = await deploy('checkout', {}, 'running');
  await ask(status);
  await fetch(`${status.address}/`);
  const seen = await reached('checkout', now => now.memoryBytes !== undefined);
  expect(seen).toMatchObject({
    declared: { digest: status.declared?.digest },
    running: {
      digest: status.declared?.digest,
      version: expect.stringMatching(/^1\.0\.0\+[0-9a-f]{7}$/),
    },
    health: { live: 'passing', ready: 'passing' },
    memoryLimitBytes: 128 * 1024 * 1024,
    restarts: 0,
  });
  expect(seen.memoryBytes).toBeGreaterThan(10_000_000);
  expect(await logOf('checkout')).toMatch(
    /runtime: Starts 1\.0\.0.*\n(?:.*\n)*stdout: listening/,
  );
  const metrics = await until(async () => {
    const { body } = await client.call(
      '/v1/components/aurora/checkout/dev/metrics',
    );
    const parsed = serviceMetricsSchema.parse(body);
    return parsed.totals?.requests === 3 && parsed;
  });
  expect(metrics.totals?.errors).toBe(1);
  expect(metrics.samples.at(-1)?.memoryBytes).toBeGreaterThan(10_000_000);
});

it('gives a service its own variables only', async () => {
  process.env.PORTICO_TEST_CANARY = 'canary-in-the-environment';
  const status = await deploy('curious', {}, 'running');
  delete process.env.PORTICO_TEST_CANARY;
  const { environment } = await ask(status);
  expect(environment).toMatchObject({
    HOST: '127.0.0.1',
    NODE_ENV: 'production',
    PORTICO_TENANT: 'aurora',
    PORTICO_COMPONENT: 'curious',
    PORTICO_ENVIRONMENT: 'dev',
    HOME: `${test.directory}/services/aurora/curious/dev/home`,
  });
  expect(JSON.stringify(environment)).not.toMatch(
    /canary-in-the-environment|token-of-the-tests|JEST/,
  );
});

it('keeps the address and goes on answering while a new revision comes', async () => {
  const before = await deploy('rolling', {}, 'running');
  const failures: unknown[] = [];
  let asking = true;
  const load = (async () => {
    while (asking) {
      // A connection per request: one that is open ends with its process.
      await fetch(`${before.address}/`, {
        headers: { connection: 'close' },
      }).then(
        response => response.ok || failures.push(response.status),
        error => failures.push(error),
      );
    }
  })();
  const digest = await release('rolling', { version: '2.0.0' });
  git.declare('aurora', 'rolling', 'dev', digest);
  const after = await reached(
    'rolling',
    now => now.state === 'running' && now.running?.digest === digest,
  );
  asking = false;
  await load;
  expect(after.address).toBe(before.address);
  expect(await ask(after)).toMatchObject({ version: '2.0.0' });
  expect(failures).toEqual([]);
});

it('keeps the revision before when the new one does not start', async () => {
  await deploy('careful', {}, 'running');
  const digest = await release('careful', {
    version: '2.0.0',
    main: 'console.error("no database"); process.exit(3);',
  });
  git.declare('aurora', 'careful', 'dev', digest);
  const status = await reached(
    'careful',
    now => now.reason?.code === 'newRevisionFailed',
  );
  expect(status).toMatchObject({
    state: 'running',
    declared: { digest },
    reason: { message: expect.stringContaining('exit code 3') },
  });
  expect(status.running?.digest).not.toBe(digest);
  expect(await ask(status)).toMatchObject({ version: '1.0.0' });
  expect(await logOf('careful')).toContain('stderr: no database');
});

it('starts a crash loop again after pauses that grow, and says why it ended', async () => {
  const status = await deploy(
    'crashing',
    { main: 'console.error("cannot work"); process.exit(3);' },
    'crashing',
  );
  expect(status.reason).toEqual({
    code: 'exited',
    message: 'The process ended with exit code 3; its log says more.',
  });
  const later = await reached(
    'crashing',
    now => now.restarts >= 3 && now.state === 'crashing',
  );
  const pause = Date.parse(later.retryAt ?? '') - Date.parse(later.since);
  expect(pause).toBeGreaterThan(700);
  const response = await fetch(`${later.address}/`);
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({
    error: { message: expect.stringContaining('exit code 3') },
  });
  expect(await logOf('crashing')).toContain('stderr: cannot work');
});

it('starts a service again that ended while it ran', async () => {
  const status = await deploy(
    'mortal',
    {
      main: 'globalThis.handle = () => { if (requests === 2) process.exit(9); };',
    },
    'running',
  );
  await ask(status);
  await expect(ask(status)).rejects.toThrow();
  const after = await reached(
    'mortal',
    now => now.restarts === 1 && now.state === 'running',
  );
  expect(await ask(after)).toMatchObject({ version: '1.0.0' });
});

it('tells of a port that the service wants and another program has', async () => {
  const other = createServer();
  await new Promise<void>(resolve => {
    other.listen(0, '127.0.0.1', resolve);
  });
  const address = other.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const status = await deploy(
    'stubborn',
    { main: `process.env.PORT = '${port}';` },
    'crashing',
  );
  other.close();
  expect(status.reason).toMatchObject({
    code: 'portConflict',
    message: expect.stringContaining('the port in PORT'),
  });
});

it('tells of an address that another program has, and takes it when it is free', async () => {
  const digest = await release('blocked');
  git.declare('aurora', 'blocked', 'dev', digest, 0);
  const stopped = await reached('blocked', now => now.state === 'stopped');
  const port = Number(new URL(stopped.address ?? '').port);
  const other = createServer();
  await new Promise<void>(resolve => {
    other.listen(port, '127.0.0.1', resolve);
  });
  git.declare('aurora', 'blocked', 'dev', digest);
  const failed = await reached('blocked', now => now.state === 'failed');
  expect(failed.reason).toMatchObject({
    code: 'portConflict',
    message: expect.stringContaining(`127.0.0.1:${port}`),
  });
  other.close();
  const after = await reached('blocked', now => now.state !== 'failed');
  expect(await ask(after)).toMatchObject({ version: '1.0.0' });
});

it('tells of a service that never gets ready', async () => {
  const ownGit = new TestGit();
  const slow = new TestRuntime({
    gitDirectory: ownGit.directory,
    times: { startMilliseconds: 1_500 },
  });
  const own = await slow.start();
  ownGit.push(
    'borealis',
    'silent',
    serviceFiles({
      name: 'silent',
      main: 'globalThis.unhealthy = { "/readyz": true };',
    }),
  );
  const digest = await until(async () => {
    const { items } = await own.releases(0, 1);
    return items.find(({ component }) => component === 'silent')?.digest;
  });
  ownGit.declare('borealis', 'silent', 'dev', digest);
  const status = await until(async () => {
    const now = await own.environment('borealis', 'silent');
    return now?.state === 'crashing' && now;
  });
  await slow.remove();
  ownGit.remove();
  expect(status.reason).toMatchObject({
    code: 'startTimeout',
    message: expect.stringContaining('at /readyz within 1.5 s'),
  });
});

it('shows a service that is not ready any more, and again when it is', async () => {
  const status = await deploy(
    'moody',
    {
      main: 'globalThis.handle = () => { globalThis.unhealthy = { "/readyz": requests % 2 === 1 }; };',
    },
    'running',
  );
  await ask(status);
  const unhealthy = await reached('moody', now => now.state === 'unhealthy');
  expect(unhealthy).toMatchObject({
    reason: { code: 'notReady' },
    health: { live: 'passing', ready: 'failing' },
  });
  await ask(status);
  await reached('moody', now => now.state === 'running' && !now.reason);
});

it('ends a service that is not alive any more', async () => {
  const status = await deploy(
    'stuck',
    {
      main: 'globalThis.handle = () => { globalThis.unhealthy = { "/healthz": true }; };',
    },
    'running',
  );
  await ask(status);
  await reached('stuck', now => now.restarts === 1 && now.state === 'running');
  expect(await logOf('stuck')).toContain('did not answer 200 at /healthz');
});

it('ends a service that takes more memory than its size gives it', async () => {
  const status = await deploy(
    'hungry',
    {
      main: 'globalThis.handle = () => { globalThis.kept = Buffer.alloc(200 * 1024 * 1024, 1); };',
    },
    'running',
  );
  // It may be killed before it answers.
  await ask(status).catch(() => {});
  await reached('hungry', now => now.restarts === 1);
  expect(await logOf('hungry')).toMatch(/128 MiB are its limit/);
});

it('tells of an artefact that is damaged and of one that it does not have', async () => {
  const digest = await release('damaged');
  appendFileSync(
    join(test.directory, 'artefacts', `${digest.slice(7)}.tar`),
    'x',
  );
  git.declare('aurora', 'damaged', 'dev', digest);
  git.declare('aurora', 'absent', 'dev', `sha256:${'0'.repeat(64)}`);
  const damaged = await reached('damaged', now => now.state === 'failed');
  const absent = await reached('absent', now => now.state === 'failed');
  expect(damaged.reason?.code).toBe('artefactDamaged');
  expect(absent.reason?.code).toBe('artefactMissing');
});

it('tells of a declaration that cannot be read', async () => {
  git.push('aurora', 'deployments', {
    'unreadable/overlays/prod/kustomization.yaml': 'images: [',
  });
  const status = await reached(
    'unreadable',
    now => now.state === 'failed',
    'prod',
  );
  expect(status.reason).toMatchObject({
    code: 'invalidDeclaration',
    message: expect.stringContaining('deployments/unreadable/overlays/prod'),
  });
});

it('restarts on request, and ends what is not declared any more', async () => {
  const status = await deploy('ended', {}, 'running');
  const { pid: first } = await ask(status);
  await client.call('/v1/components/aurora/ended/dev/restart', {
    method: 'POST',
  });
  await until(() => !isAlive(Number(first)));
  const again = await reached('ended', now => now.state === 'running');
  const { pid: second } = await ask(again);
  expect(second).not.toBe(first);
  git.push('aurora', 'deployments', {
    'ended/overlays/dev/kustomization.yaml': undefined,
  });
  await until(() => !isAlive(Number(second)));
  await expect(fetch(`${status.address}/`)).rejects.toThrow();
});

it('keeps the revisions that it needs only', async () => {
  const folder = join(test.directory, 'services/aurora/rolling/dev/revisions');
  expect(readdirSync(folder)).toHaveLength(1);
});
