import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  statfsSync,
} from 'node:fs';
import { join } from 'node:path';
import { LauncherError } from './LauncherError.mjs';
import { root } from './paths.mjs';

const gigabyte = 1024 ** 3;

/** Portico keeps everything in Git, so nothing works without it. */
export function checkGit() {
  const found = spawnSync('git', ['--version'], { encoding: 'utf8' });
  if (found.error || found.status !== 0) {
    throw new LauncherError(
      'The command "git" was not found: install Git (for example "apt-get install git" or "brew install git") and start again.',
    );
  }
}

/** Stops before a disk runs full, where half of something would be left. */
export function checkDiskSpace(folder) {
  const needed = existsSync(join(root, 'node_modules')) ? 0.5 : 4;
  const { bavail, bsize } = statfsSync(folder);
  const free = (bavail * bsize) / gigabyte;
  if (free < needed) {
    throw new LauncherError(
      `The disk with ${folder} has ${free.toFixed(
        1,
      )} GB left, but Portico needs ${needed} GB: free some space and start again. Nothing was changed.`,
    );
  }
}

/** Makes the data folder, or says why it cannot be written. */
export function makeDataFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new LauncherError(
      `The folder ${folder} cannot be made (${error.code}): give yourself the right to write there, or choose another with --data.`,
    );
  }
}

/** Says who listens on a port, as far as this system tells. */
export function describeListener(port) {
  const found = findListenerOnLinux(port);
  return found
    ? `"${found.command}" (process ${found.pid})`
    : 'another program';
}

function findListenerOnLinux(port) {
  const hexadecimal = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readOrEmpty(table).split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      // state 0A is "listening"
      if (fields[1]?.endsWith(`:${hexadecimal}`) && fields[3] === '0A') {
        inodes.add(`socket:[${fields[9]}]`);
      }
    }
  }
  if (inodes.size === 0) return undefined;
  for (const pid of listOrEmpty('/proc').filter(name => /^\d+$/.test(name))) {
    for (const descriptor of listOrEmpty(`/proc/${pid}/fd`)) {
      if (inodes.has(readLinkOrEmpty(`/proc/${pid}/fd/${descriptor}`))) {
        return { pid, command: commandOf(pid) };
      }
    }
  }
  return undefined;
}

/** The command line of a process, or an empty text when there is none. */
export function commandOf(pid) {
  const command = readOrEmpty(`/proc/${pid}/cmdline`)
    .replaceAll('\0', ' ')
    .trim();
  if (command || existsSync('/proc/self/cmdline')) return command;
  // macOS has no /proc
  const answer = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], {
    encoding: 'utf8',
  });
  return answer.stdout?.trim() ?? '';
}

function readOrEmpty(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function listOrEmpty(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function readLinkOrEmpty(path) {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
