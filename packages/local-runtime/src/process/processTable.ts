import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A process of the machine, as far as it matters here. */
export interface ProcessEntry {
  pid: number;
  parent: number;
  group: number;
  /** Resident memory. */
  memoryBytes: number;
}

const hasProc = existsSync('/proc/self/stat');
const run = promisify(execFile);
const MAX_PS_BYTES = 64 * 1024 * 1024;

/**
 * The processes of the machine, without those that ended and only wait to be put away:
 * from /proc, on macOS from `ps`.
 */
export async function listProcesses(): Promise<ProcessEntry[]> {
  if (!hasProc) {
    const { stdout } = await run(
      'ps',
      ['-axo', 'pid=,ppid=,pgid=,rss=,stat='],
      {
        maxBuffer: MAX_PS_BYTES,
      },
    );
    return stdout
      .split('\n')
      .filter(line => line !== '' && !/Z\S*$/.test(line))
      .map(line => {
        const [pid, parent, group, kibibytes] = line
          .trim()
          .split(/\s+/)
          .map(Number);
        return { pid, parent, group, memoryBytes: kibibytes * 1024 };
      });
  }
  const entries = await Promise.all(
    (
      await processIds()
    ).map(async pid => {
      const fields = await statOf(pid);
      return fields === undefined || /[ZX]/.test(fields[0])
        ? undefined
        : {
            pid,
            parent: Number(fields[1]),
            group: Number(fields[2]),
            memoryBytes: Number(fields[21]) * pageSize(),
          };
    }),
  );
  return entries.filter(entry => entry !== undefined);
}

/**
 * The processes whose environment holds `name=<value that begins with prefix>`. An
 * environment is inherited, so this also finds those that left their group.
 */
export async function findMarkedProcesses(
  name: string,
  prefix: string,
): Promise<number[]> {
  const mark = `${name}=${prefix}`;
  if (!hasProc) {
    const { stdout } = await run('ps', ['-axEwwo', 'pid=,command='], {
      maxBuffer: MAX_PS_BYTES,
    });
    return stdout
      .split('\n')
      .filter(line => line.includes(` ${mark}`))
      .map(line => Number.parseInt(line, 10));
  }
  const marked = await Promise.all(
    (
      await processIds()
    ).map(async pid => {
      // Other users' processes cannot be read, and are not ours.
      const text = await readFile(`/proc/${pid}/environ`, 'latin1').catch(
        () => '',
      );
      return `\0${text}`.includes(`\0${mark}`) ? pid : undefined;
    }),
  );
  return marked
    .filter(pid => pid !== undefined)
    .filter(pid => pid !== process.pid);
}

/** When a process began, in a form to compare; empty when there is none. */
export async function startOfProcess(pid: number): Promise<string> {
  if (hasProc) {
    return (await statOf(pid))?.[19] ?? '';
  }
  return run('ps', ['-o', 'lstart=', '-p', String(pid)]).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
}

async function processIds(): Promise<number[]> {
  const names = await readdir('/proc');
  return names.filter(name => /^\d+$/.test(name)).map(Number);
}

/** Fields of /proc/<pid>/stat from the third on: the second may hold any text. */
async function statOf(pid: number): Promise<string[] | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}

let knownPageSize: number | undefined;
function pageSize(): number {
  if (knownPageSize === undefined) {
    try {
      knownPageSize = Number(execFileSync('getconf', ['PAGESIZE'])) || 4096;
    } catch {
      knownPageSize = 4096;
    }
  }
  return knownPageSize;
}
