import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { LauncherError } from './LauncherError.mjs';
import { root } from './paths.mjs';

const stampFile = join(root, 'node_modules', '.portico-install');

/** What decides which packages are installed: lockfile, settings, every package.json. */
function inputsDigest() {
  const digest = createHash('sha256');
  const files = ['package.json', 'yarn.lock', '.yarnrc.yml'];
  for (const group of ['packages', 'plugins']) {
    for (const name of readdirSync(join(root, group)).sort()) {
      files.push(join(group, name, 'package.json'));
    }
  }
  for (const file of files.filter(name => existsSync(join(root, name)))) {
    digest.update(`${file}\n`).update(readFileSync(join(root, file)));
  }
  return digest.digest('hex');
}

/** Whether the installed packages are those of the lockfile. */
export function isInstalled() {
  return (
    existsSync(stampFile) && readFileSync(stampFile, 'utf8') === inputsDigest()
  );
}

/**
 * Installs the packages of the lockfile, unless they are there.
 *
 * @param {(line: string) => void} log - gets what Yarn prints
 */
export async function install(toolchain, log, onChild = () => {}) {
  if (isInstalled()) return;
  const digest = inputsDigest();
  rmSync(stampFile, { force: true });
  const tail = [];
  const code = await new Promise((resolve, reject) => {
    const child = spawn(
      toolchain.node,
      [toolchain.yarn, 'install', '--immutable'],
      {
        cwd: root,
        env: toolchain.environment,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    onChild(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', text => {
        for (const line of text.split('\n').filter(Boolean)) {
          tail.push(line);
          log(line);
        }
      });
    }
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) {
    throw new LauncherError(explain(tail));
  }
  writeFileSync(stampFile, digest);
}

function explain(tail) {
  const text = tail.join('\n');
  if (/ENOSPC/.test(text)) {
    return 'The disk ran full while packages were installed: free 4 GB and start again.';
  }
  if (/YN0028/.test(text)) {
    return 'yarn.lock does not fit a package.json: run "yarn install" with the changed package.json and commit both.';
  }
  const errors = tail.filter(line =>
    /➤ YN\d+: .*(?:[Ee]rror|failed|can't)/.test(line),
  );
  return `The packages could not be installed: ${(errors.length ? errors : tail)
    .slice(-3)
    .join(' ')} Check the network and start again.`;
}
