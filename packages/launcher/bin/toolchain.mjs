import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { LauncherError } from './LauncherError.mjs';
import { root } from './paths.mjs';

const nodeVersion = '24.21.0';
const folder = join(root, '.portico', 'toolchain');

/** Node 22.18 and 24 run Portico; older ones and untried ones are replaced. */
export function isSupported(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major === 24 || (major === 22 && minor >= 18);
}

/**
 * The Node and Yarn that Portico is built with: the running Node where it will do,
 * else Node 24 from npm under `.portico/`; Yarn from this repository.
 *
 * @param {(line: string) => void} log - gets what npm prints
 * @returns paths and the environment for commands that run with them
 */
export async function bringToolchain(
  log = () => {},
  environment = process.env,
) {
  const node = isSupported(process.version)
    ? process.execPath
    : await bringNode(log, environment);
  const yarn = findYarn();
  const bin = makeBin(node, yarn);
  const path = [bin, join(root, 'node_modules', '.bin'), environment.PATH];
  return {
    node,
    yarn,
    environment: { ...environment, PATH: path.filter(Boolean).join(delimiter) },
  };
}

async function bringNode(log, environment) {
  const node = join(folder, 'node-24', 'node_modules', 'node', 'bin', 'node');
  if (versionOf(node)) return node;
  // Installed beside and renamed: an interrupted download leaves nothing half.
  const temporary = join(folder, `installing-${process.pid}`);
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  writeFileSync(join(temporary, 'package.json'), '{"private":true}\n');
  try {
    await runNpm(
      [
        'install',
        '--no-audit',
        '--no-fund',
        '--no-save',
        `node@${nodeVersion}`,
      ],
      { cwd: temporary, log, environment },
    );
    const target = join(folder, 'node-24');
    rmSync(target, { recursive: true, force: true });
    renameSync(temporary, target);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  if (!versionOf(node)) {
    throw new LauncherError(
      `Node ${nodeVersion} was installed into ${folder} but does not run on this machine: install Node 24 yourself and start again.`,
    );
  }
  return node;
}

function runNpm(args, { cwd, log, environment }) {
  // Under `npm start` this is the very npm that runs us.
  const script = environment.npm_execpath;
  const [command, first] = script?.endsWith('.js')
    ? [process.execPath, [script]]
    : ['npm', []];
  return new Promise((resolve, reject) => {
    const tail = [];
    const child = spawn(command, [...first, ...args], {
      cwd,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', text => {
        for (const line of text.split('\n').filter(Boolean)) {
          tail.push(line);
          log(line);
        }
      });
    }
    child.on('error', () =>
      reject(
        new LauncherError(
          'The command "npm" was not found: install Node with npm and start again.',
        ),
      ),
    );
    child.on('close', code =>
      code === 0
        ? resolve()
        : reject(
            new LauncherError(
              `npm could not install Node ${nodeVersion}: ${tail
                .slice(-3)
                .join(' ')} Check the network and start again.`,
            ),
          ),
    );
  });
}

function versionOf(node) {
  const answer = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return answer.status === 0 && isSupported(answer.stdout.trim());
}

function findYarn() {
  const releases = join(root, '.yarn', 'releases');
  const names = existsSync(releases) ? readdirSync(releases) : [];
  const name = names.find(file => /^yarn-[\d.]+\.cjs$/.test(file));
  if (!name) {
    throw new LauncherError(
      `${releases} has no Yarn: the checkout is incomplete, restore it with "git checkout -- .yarn".`,
    );
  }
  return join(releases, name);
}

/** A folder for PATH in which `node` and `yarn` are those of the tool chain. */
function makeBin(node, yarn) {
  const digest = createHash('sha256').update(`${node}\n${yarn}`).digest('hex');
  const bin = join(folder, `bin-${digest.slice(0, 12)}`);
  if (existsSync(bin)) return bin;
  const temporary = `${bin}.${process.pid}`;
  mkdirSync(temporary, { recursive: true });
  symlinkSync(node, join(temporary, 'node'));
  writeFileSync(
    join(temporary, 'yarn'),
    `#!/bin/sh\nexec '${node}' '${yarn}' "$@"\n`,
    { mode: 0o755 },
  );
  try {
    renameSync(temporary, bin);
  } catch {
    // another command made the same folder meanwhile
    rmSync(temporary, { recursive: true, force: true });
  }
  return bin;
}
