import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { version as commandLineVersion } from '../../package.json';
import { type Check } from './Check';

const MINIMUM_NODE = 20;

/** The runtime of the command line itself. */
export function checkNode(version: string): Check {
  const name = 'node';
  const found = `Node ${version}, portico ${commandLineVersion}`;
  return Number(version.split('.')[0]) >= MINIMUM_NODE
    ? { name, status: 'ok', found }
    : {
        name,
        status: 'failed',
        found,
        hint: `Install Node ${MINIMUM_NODE} or newer`,
      };
}

/** Git, which people push with; the command line works without it. */
export async function checkGit(): Promise<Check> {
  try {
    const { stdout } = await promisify(execFile)('git', ['--version'], {
      timeout: 5000,
      maxBuffer: 10_000,
    });
    return { name: 'git', status: 'ok', found: stdout.trim() };
  } catch {
    return {
      name: 'git',
      status: 'warning',
      found: 'not found on the path',
      hint: 'Install git to clone and push repositories',
    };
  }
}
