import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { commandOf } from './checks.mjs';
import { LauncherError } from './LauncherError.mjs';

// The parts of a killed start notice within seconds that it is gone.
const partsTimeoutMs = 20_000;

/**
 * Makes sure that one start works on a data folder at a time. A lock that a killed
 * start left behind is taken over, after its parts have ended.
 *
 * @returns `addPart`, which notes a process that belongs to this start, and `release`
 */
export async function takeLock(folder) {
  const path = join(folder, 'start.lock');
  const own = { pid: process.pid, parts: [] };
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      writeFileSync(path, JSON.stringify(own), { flag: 'wx' });
      return {
        addPart(pid) {
          own.parts.push(pid);
          if (read(path).pid === own.pid) {
            writeFileSync(path, JSON.stringify(own));
          }
        },
        release() {
          if (read(path).pid === own.pid) rmSync(path, { force: true });
        },
      };
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const { pid, parts } = read(path);
    // A number alone may have gone to another program since.
    if (pid && /\bstart\.mjs\b/.test(commandOf(pid))) {
      throw new LauncherError(
        `Portico is already running on ${folder} (process ${pid}): use that one, or stop it with Ctrl-C or "kill ${pid}".`,
      );
    }
    await endParts(parts);
    rmSync(path, { force: true });
  }
  throw new LauncherError(
    `Another start took ${path} at the same moment: try again.`,
  );
}

async function endParts(parts) {
  const isOurs = pid =>
    /\bnodeTransform\.cjs\b|\bbackstage-cli\b/.test(commandOf(pid));
  const deadline = Date.now() + partsTimeoutMs;
  while (parts.some(isOurs)) {
    if (Date.now() > deadline) {
      for (const pid of parts.filter(isOurs)) process.kill(-pid, 'SIGKILL');
    }
    await delay(100);
  }
}

function read(path) {
  try {
    const { pid, parts = [] } = JSON.parse(readFileSync(path, 'utf8'));
    const isPid = value => Number.isInteger(value) && value > 1;
    return {
      pid: isPid(pid) ? pid : undefined,
      parts: parts.filter(isPid),
    };
  } catch {
    // written in part by a start that was killed
    return { pid: undefined, parts: [] };
  }
}
