import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * When a process began, in the words of the machine; undefined when there is none. With the
 * id it says which process is meant, for ids are given again.
 */
export async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // The name before it may hold spaces and brackets.
    const [state, ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    // One that ended and that nobody has asked for yet does nothing more.
    return state === 'Z' ? undefined : fields[18];
  }
  return run('ps', ['-o', 'lstart=', '-p', String(pid)]).then(
    ({ stdout }) => stdout.trim() || undefined,
    () => undefined,
  );
}
