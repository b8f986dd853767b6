// From a push to the running revision through the local runtime, with the service that
// the golden path makes:
//   node benchmarks/runtime.mjs [pushes]
// Needs PORTICO_TEST_POSTGRES, for the scaffolder. The runtime is a process of its own, as under `npm start`. What the portal does in
// between is done here: it waits for the release and names it in the deployment
// repository. The first push installs the packages from the registry (or npm's cache of
// this machine's mirror), a second service finds them, later pushes as well.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
// The sources are TypeScript, and run as they are.
require('@backstage/cli/config/nodeTransform.cjs');

const pushes = Number(process.argv[2] ?? 5);
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'portico-runtime-'));
const token = 'token-of-the-benchmark';
const port = 7137;
const tenant = 'aurora';

function git(cwd, ...args) {
  return execFileSync('git', args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      GIT_AUTHOR_NAME: 'Kim',
      GIT_AUTHOR_EMAIL: 'kim@example.com',
      GIT_COMMITTER_NAME: 'Kim',
      GIT_COMMITTER_EMAIL: 'kim@example.com',
    },
  });
}

function push(repository, files) {
  const bare = join(folder, 'git', tenant, `${repository}.git`);
  const clone = join(folder, 'clones', repository);
  if (!statSync(bare, { throwIfNoEntry: false })) {
    mkdirSync(bare, { recursive: true });
    git(bare, 'init', '--quiet', '--bare', '--initial-branch=main');
    git('/', 'clone', '--quiet', bare, clone);
  }
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(clone, path)), { recursive: true });
    writeFileSync(join(clone, path), content);
  }
  git(clone, 'add', '--all', '--force');
  git(clone, 'commit', '--quiet', '-m', 'A change');
  git(clone, 'push', '--quiet', 'origin', 'HEAD:main');
}

/** The repository that the golden path makes, through the real scaffolder. */
async function serviceFiles(...names) {
  const { TemplateBench } = require('../packages/golden-paths/src');
  const bench = await TemplateBench.create('typescript-service');
  const made = [];
  for (const name of names) {
    const run = await bench.run('typescript-service', {
      name,
      description: 'A service of the benchmark.',
      owner: `group:${tenant}/team`,
      size: 'S',
      exposure: 'internal',
      example: 'orders',
    });
    const source = run.repository(name);
    made.push(
      Object.fromEntries(
        readdirSync(source, { recursive: true })
          .filter(path => statSync(join(source, path)).isFile())
          .map(path => [path, readFileSync(join(source, path))]),
      ),
    );
  }
  await bench.close();
  return made;
}

async function ask(path, body) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}` },
    body: body && JSON.stringify(body),
  });
  return response.json();
}

async function deploy(name, files, after) {
  push(name, files);
  const pushed = performance.now();
  await ask('/v1/hints', { tenant, repository: name });
  let release;
  while (!release) {
    const { items } = await ask(`/v1/releases?after=${after}&waitSeconds=5`);
    release = items[0];
    const { items: runs } = await ask(
      `/v1/runs?tenant=${tenant}&repository=${name}`,
    );
    if (runs[0]?.reason) {
      const { text } = await ask(`/v1/runs/${runs[0].id}/log`);
      throw new Error(`${runs[0].reason.message}\n${text}`);
    }
  }
  const released = performance.now();
  push('deployments', {
    [`${name}/overlays/dev/kustomization.yaml`]: `images:\n  - name: ${name}\n    digest: ${release.digest}\n`,
  });
  await ask('/v1/hints', { tenant, repository: 'deployments' });
  for (;;) {
    const { environments = [] } = await ask(`/v1/components/${tenant}/${name}`);
    const [dev] = environments;
    if (dev?.state === 'running' && dev.running.digest === release.digest) {
      const { ok } = await fetch(`${dev.address}/readyz`);
      if (!ok) throw new Error('It runs and does not answer.');
      break;
    }
    if (dev?.reason) throw new Error(dev.reason.message);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  const { items: runs } = await ask(
    `/v1/runs?tenant=${tenant}&repository=${name}`,
  );
  const running = performance.now();
  return {
    sequence: release.sequence,
    total: (running - pushed) / 1000,
    release: (released - pushed) / 1000,
    start: (running - released) / 1000,
    steps: runs[0].steps
      .map(
        step =>
          `${step.name} ${(
            (Date.parse(step.endedAt) - Date.parse(step.startedAt)) /
            1000
          ).toFixed(1)}`,
      )
      .join(', '),
  };
}

/** CPU seconds and resident MiB of a process, from /proc. */
function usage(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    cpu: (Number(fields[11]) + Number(fields[12])) / 100,
    memory: Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024,
  };
}

const [checkout, billing] = await serviceFiles('checkout', 'billing');
const runtime = spawn(
  process.execPath,
  [
    '--require',
    require.resolve('@backstage/cli/config/nodeTransform.cjs'),
    join(root, 'packages/local-runtime/src/main.ts'),
  ],
  {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      PORTICO_RUNTIME_TOKEN: token,
      PORTICO_RUNTIME_PORT: String(port),
      PORTICO_GIT_DIRECTORY: join(folder, 'git'),
      PORTICO_RUNTIME_DIRECTORY: join(folder, 'runtime'),
    },
  },
);
try {
  const began = performance.now();
  await new Promise((resolve, reject) => {
    // The transform of the sources sends messages of its own.
    runtime.on('message', ({ type }) => type === 'ready' && resolve());
    runtime.once('exit', () => reject(new Error('The runtime ended.')));
  });
  console.log(
    `${cpus().length} cores, load ${loadavg()[0].toFixed(
      1,
    )}; the runtime listens after ${(
      (performance.now() - began) /
      1000
    ).toFixed(1)} s`,
  );
  const show = (what, { total, release, start, steps }) =>
    console.log(
      `${what}: ${total.toFixed(1)} s (release after ${release.toFixed(
        1,
      )} s: ${steps}; start ${start.toFixed(1)} s)`,
    );
  const first = await deploy('checkout', checkout, 0);
  show('first push, empty caches', first);
  const second = await deploy('billing', billing, 1);
  show('first push of a second service', second);
  const totals = [];
  for (let index = 0; index < pushes; index += 1) {
    const later = await deploy(
      'checkout',
      { 'src/change.ts': `export const change = ${index};\n` },
      index + 2,
    );
    show(`push ${index + 2}`, later);
    totals.push(later.total);
  }
  totals.sort((a, b) => a - b);
  console.log(
    `later pushes: median ${totals[Math.floor(totals.length / 2)].toFixed(
      1,
    )} s of ${totals.length}, slowest ${totals.at(-1).toFixed(1)} s`,
  );
  const before = usage(runtime.pid);
  await new Promise(resolve => setTimeout(resolve, 20_000));
  const after = usage(runtime.pid);
  const { services } = await ask('/v1/state');
  console.log(
    `idle with ${services.awake} services awake (${(
      services.memoryBytes /
      1024 /
      1024
    ).toFixed(0)} MiB): the runtime takes ${after.memory.toFixed(0)} MiB and ${(
      ((after.cpu - before.cpu) / 20) *
      100
    ).toFixed(1)} % of a core`,
  );
} finally {
  runtime.kill('SIGTERM');
  await once(runtime, 'exit');
  rmSync(folder, { recursive: true, force: true });
}
