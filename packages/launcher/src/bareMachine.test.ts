// The part in `bin/` that runs before anything is installed, as real processes.
import { type ChildProcess, spawn } from 'child_process';
import { once } from 'events';
import { mkdtemp, readFile, rm, writeFile } from 'fs/promises';
import { createServer, type Server } from 'net';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { text } from 'stream/consumers';
import { repositoryRoot } from './paths';

// Processes take their time on a busy machine.
jest.setTimeout(60_000);

const bin = resolve(repositoryRoot, 'packages/launcher/bin');

interface Ended {
  code: number | null;
  output: string;
  errors: string;
}

async function untilEnd(child: ChildProcess): Promise<Ended> {
  const [output, errors, [code]] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    once(child, 'close'),
  ]);
  return { code, output, errors };
}

/** Runs lines of JavaScript that use the modules of `bin/`. */
function runModule(code: string): ChildProcess {
  return spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: bin,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

const start = (args: string[], environment: NodeJS.ProcessEnv = process.env) =>
  untilEnd(
    spawn(process.execPath, [join(bin, 'start.mjs'), ...args], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );

describe('a start on a bare machine', () => {
  let folder: string;
  let listener: Server;
  let port: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portico-start-'));
    listener = createServer().listen(0, 'localhost');
    await once(listener, 'listening');
    const address = listener.address();
    port = typeof address === 'object' && address ? address.port : 0;
  });
  afterEach(async () => {
    listener.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('says who holds the port', async () => {
    const ended = await start(['--port', String(port), '--data', folder]);
    expect(ended.code).toBe(1);
    expect(ended.errors.trim()).toMatch(
      new RegExp(
        `^✗ Port ${port} is taken by .+: stop it, or choose another port`,
      ),
    );
    expect(ended.errors.trim().split('\n')).toHaveLength(1);
    // and leaves no lock behind
    await expect(readFile(join(folder, 'start.lock'))).rejects.toThrow(
      'ENOENT',
    );
  });

  it('says that git is missing', async () => {
    const ended = await start(['--data', folder], { PATH: folder });
    expect(ended).toMatchObject({
      code: 1,
      errors: expect.stringContaining(
        '✗ The command "git" was not found: install Git',
      ),
    });
  });

  it('says which option is wrong', async () => {
    await expect(start(['--port', 'many'])).resolves.toMatchObject({
      code: 1,
      errors: expect.stringContaining('--port many is no port'),
    });
    await expect(start(['--demo'])).resolves.toMatchObject({
      code: 1,
      errors: expect.stringContaining("Unknown option '--demo'"),
    });
  });

  it('says that the data folder cannot be made', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(start(['--data', join(file, 'data')])).resolves.toMatchObject({
      code: 1,
      errors: expect.stringContaining('cannot be made (ENOTDIR)'),
    });
  });

  it('refuses a second start on the same folder while the first runs', async () => {
    const holder = spawn(
      process.execPath,
      ['-e', 'setInterval(() => {}, 1000)', 'start.mjs'],
      { stdio: 'ignore' },
    );
    await once(holder, 'spawn');
    await writeFile(
      join(folder, 'start.lock'),
      JSON.stringify({ pid: holder.pid }),
    );
    const ended = await start(['--port', String(port), '--data', folder]);
    expect(ended.code).toBe(1);
    expect(ended.errors).toContain(
      `Portico is already running on ${folder} (process ${holder.pid})`,
    );
    holder.kill('SIGKILL');
    await once(holder, 'exit');
  });

  it('takes over the lock of a start that was killed', async () => {
    const lock = join(folder, 'start.lock');
    for (const left of [
      // another program has the number by now
      JSON.stringify({ pid: process.pid }),
      // written in part
      '{"pi',
    ]) {
      await writeFile(lock, left);
      const ended = await untilEnd(
        runModule(`
          import { takeLock } from './lock.mjs';
          const lock = await takeLock(${JSON.stringify(folder)});
          console.log(process.pid);
          lock.release();
        `),
      );
      expect(ended).toMatchObject({ code: 0, errors: '' });
      await expect(readFile(lock)).rejects.toThrow('ENOENT');
    }
  });

  it('waits for the parts of a start that was killed', async () => {
    const part = spawn(
      process.execPath,
      ['-e', 'setTimeout(() => {}, 1000)', 'nodeTransform.cjs'],
      { stdio: 'ignore' },
    );
    await once(part, 'spawn');
    await writeFile(
      join(folder, 'start.lock'),
      JSON.stringify({ pid: process.pid, parts: [part.pid] }),
    );
    const [ended] = await Promise.all([
      untilEnd(
        runModule(`
          import { commandOf } from './checks.mjs';
          import { takeLock } from './lock.mjs';
          const lock = await takeLock(${JSON.stringify(folder)});
          // an ended process keeps its number until its parent has looked, not its command
          console.log(commandOf(${part.pid}) ? 'runs' : 'ended');
          lock.release();
        `),
      ),
      once(part, 'exit'),
    ]);
    expect(ended).toMatchObject({ code: 0, output: 'ended\n' });
  });

  it('shows a page with the steps, and leaves the port at once', async () => {
    listener.close();
    const child = runModule(`
      import { ProgressServer } from './ProgressServer.mjs';
      const progress = new ProgressServer([
        { id: 'install', title: 'Install packages' },
        { id: 'build', title: 'Build the app' },
      ]);
      await progress.listen(${port});
      progress.step('install', 'running');
      progress.step('install', 'done');
      progress.step('build', 'running', '<b>12 %</b>');
      progress.log('\\u001b[32mgreen\\u001b[0m');
      progress.fail('The disk is full.');
      process.stderr.write('listening');
      setTimeout(() => progress.close(), 3000);
    `);
    const [errors] = child.stderr ? [child.stderr] : [];
    if (errors) await once(errors, 'data');
    const address = `http://localhost:${port}`;

    const page = await fetch(address);
    expect(page.status).toBe(200);
    await expect(page.text()).resolves.toContain(
      '<h1>Portico is starting</h1>',
    );
    const state = await fetch(`${address}/.portico/progress.json`);
    await expect(state.json()).resolves.toMatchObject({
      steps: [
        { id: 'install', title: 'Install packages', state: 'done' },
        { id: 'build', state: 'failed', detail: '<b>12 %</b>' },
      ],
      log: ['green'],
      failure: 'The disk is full.',
    });
    // what asks for the portal's health must not take the page for it
    const health = await fetch(`${address}/.backstage/health/v1/readiness`);
    expect(health.status).toBe(503);

    // a connection that is kept alive does not hold the port
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
    await expect(fetch(address)).rejects.toThrow('fetch failed');
  });

  it('knows which versions of Node run Portico', async () => {
    const ended = await untilEnd(
      runModule(`
        import { isSupported } from './toolchain.mjs';
        console.log(['v18.20.0', 'v20.20.2', 'v22.17.0', 'v22.18.0', 'v23.1.0', 'v24.0.0', 'v26.1.0'].filter(isSupported).join());
      `),
    );
    expect(ended.output.trim()).toBe('v22.18.0,v24.0.0');
  });
});
