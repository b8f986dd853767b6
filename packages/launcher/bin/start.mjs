#!/usr/bin/env node
// `npm start`. This part runs on any Node ≥ 20 before anything is installed: it
// checks the machine, shows the progress page, brings Node and Yarn, installs, and
// then hands over to src/start.ts, which runs with the tool chain.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { checkDiskSpace, checkGit, makeDataFolder } from './checks.mjs';
import { install } from './install.mjs';
import { fail, LauncherError } from './LauncherError.mjs';
import { takeLock } from './lock.mjs';
import { parseOptions, usage } from './parseOptions.mjs';
import { root } from './paths.mjs';
import { ProgressServer } from './ProgressServer.mjs';
import { bringToolchain } from './toolchain.mjs';

const stopTimeoutMs = 20_000;

const steps = options => [
  { id: 'toolchain', title: 'Bring Node 24 and Yarn' },
  { id: 'install', title: 'Install packages' },
  ...(options.dev ? [] : [{ id: 'build', title: 'Build the app' }]),
  { id: 'database', title: 'Start PostgreSQL' },
  { id: 'migrate', title: 'Prepare the database' },
  { id: 'backend', title: 'Start the portal' },
];

async function start() {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  checkGit();
  makeDataFolder(options.data);
  checkDiskSpace(options.data);
  const lock = await takeLock(options.data);
  process.on('exit', () => lock.release());

  const progress = new ProgressServer(steps(options));
  await progress.listen(options.port);
  process.stdout.write(
    `Portico is starting: http://localhost:${options.port} shows how far it is.\n`,
  );

  let child;
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    process.stdout.write('\nStopping …\n');
    if (!child) process.exit(0);
    if (child.connected) child.send({ type: 'stop' });
    else child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, stop);
  }

  try {
    progress.step('toolchain', 'running');
    const toolchain = await bringToolchain(line => progress.log(line));
    progress.step('toolchain', 'done');
    progress.step('install', 'running');
    await install(
      toolchain,
      line => {
        progress.log(line);
        progress.step(
          'install',
          'running',
          line.replace(/^➤ \S+:? ?[│└┌]? ?/, ''),
        );
      },
      installing => {
        child = installing;
      },
    );
    progress.step('install', 'done');
    child = undefined;
    if (stopping) process.exit(0);

    child = spawn(
      toolchain.node,
      [
        '--require',
        join(root, 'node_modules/@backstage/cli/config/nodeTransform.cjs'),
        join(root, 'packages/launcher/src/start.ts'),
        JSON.stringify(options),
      ],
      {
        cwd: root,
        env: {
          NODE_COMPILE_CACHE: join(root, '.portico/compile-cache'),
          ...toolchain.environment,
          NODE_ENV: 'development',
        },
        // Ctrl-C goes to this process alone, which then stops the others in order.
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', text => {
        text
          .split('\n')
          .filter(Boolean)
          .forEach(line => progress.log(line));
      });
    }
    lock.addPart(child.pid);
    let failure;
    let ready = false;
    child.on('message', message => {
      if (message.type === 'step') {
        progress.step(message.id, message.state, message.detail);
      } else if (message.type === 'log') {
        progress.log(message.line);
      } else if (message.type === 'print') {
        process.stdout.write(`${message.text}\n`);
      } else if (message.type === 'part') {
        lock.addPart(message.pid);
      } else if (message.type === 'release') {
        progress.close().then(() => child.send({ type: 'released' }));
      } else if (message.type === 'ready') {
        ready = true;
      } else if (message.type === 'failed') {
        failure = message.text;
      }
    });
    const [code, signal] = await new Promise(resolve =>
      child.on('close', (...end) => resolve(end)),
    );
    if (stopping) {
      process.stdout.write('Portico has stopped.\n');
      process.exit(0);
    }
    throw new LauncherError(
      failure ??
        [
          `Portico ${ready ? 'ended' : 'did not start'}: its process ended ${
            signal ? `by ${signal}` : `with code ${code}`
          }. The last lines were:`,
          ...progress.tail.slice(-15),
        ].join('\n  '),
    );
  } catch (error) {
    if (stopping) process.exit(0);
    await progress.fail(
      error instanceof LauncherError
        ? error.message
        : 'Portico did not start: the terminal says why.',
    );
    throw error;
  }
}

start().catch(fail);
