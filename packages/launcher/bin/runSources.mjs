import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { checkGit } from './checks.mjs';
import { install } from './install.mjs';
import { root } from './paths.mjs';
import { bringToolchain } from './toolchain.mjs';

/**
 * Runs a TypeScript program of this package with the tool chain, after the packages
 * are installed, and ends with its exit code.
 *
 * @param {string} entry - name of the file in `src`
 * @param {string[]} args - handed to it
 */
export async function runSources(entry, args) {
  checkGit();
  const log = line => process.stderr.write(`${line}\n`);
  const toolchain = await bringToolchain(log);
  await install(toolchain, log);
  const child = spawn(
    toolchain.node,
    [
      '--require',
      join(root, 'node_modules/@backstage/cli/config/nodeTransform.cjs'),
      join(root, 'packages/launcher/src', entry),
      ...args,
    ],
    {
      cwd: root,
      env: toolchain.environment,
      // Ctrl-C goes to this process alone; the child sees the channel close if we die.
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (child.connected) child.send({ type: 'stop' });
    });
  }
  const [code] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...end) => resolve(end));
  });
  process.exitCode = code ?? 1;
}
