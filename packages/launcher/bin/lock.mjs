import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandOf } from './checks.mjs';
import { LauncherError } from './LauncherError.mjs';

/**
 * Makes sure that one start works on a data folder at a time. A lock that a killed
 * start left behind is taken over.
 *
 * @returns a function that gives the lock back
 */
export function takeLock(folder) {
  const path = join(folder, 'start.lock');
  const content = JSON.stringify({ pid: process.pid });
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      writeFileSync(path, content, { flag: 'wx' });
      return () => {
        if (read(path) === content) rmSync(path, { force: true });
      };
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const pid = parsePid(read(path));
    // A number alone may have gone to another program since.
    if (pid && /\b(?:start|e2e)\.mjs\b/.test(commandOf(pid))) {
      throw new LauncherError(
        `Portico is already running on ${folder} (process ${pid}): use that one, or stop it with Ctrl-C or "kill ${pid}".`,
      );
    }
    rmSync(path, { force: true });
  }
  throw new LauncherError(
    `Another start took ${path} at the same moment: try again.`,
  );
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function parsePid(text) {
  try {
    const { pid } = JSON.parse(text);
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
