#!/usr/bin/env node
// Runs a command with Portico's Node and Yarn: node packages/launcher/bin/run.mjs yarn tsc
import { spawn } from 'node:child_process';
import { install } from './install.mjs';
import { fail, LauncherError } from './LauncherError.mjs';
import { bringToolchain } from './toolchain.mjs';

async function run() {
  const [command, ...args] = process.argv.slice(2);
  if (!command) {
    throw new LauncherError(
      'Say which command to run: node packages/launcher/bin/run.mjs yarn tsc',
    );
  }
  const log = line => process.stderr.write(`${line}\n`);
  const toolchain = await bringToolchain(log);
  if (!(command === 'yarn' && args[0] === 'install')) {
    await install(toolchain, log);
  }
  const child = spawn(command, args, {
    env: toolchain.environment,
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', error =>
    fail(
      new LauncherError(
        `The command "${command}" cannot be run: ${error.message}`,
      ),
    ),
  );
  child.on('close', (code, signal) => process.exit(signal ? 1 : code));
}

run().catch(fail);
