import { type ChildProcess, spawn } from 'node:child_process';
import { findMarkedProcesses } from './processTable';

/** Variable by which processes of the runtime are known, whatever they do to hide. */
export const MARK_VARIABLE = 'PORTICO_RUNTIME_MARK';

// Reads "+ <group>" and "- <group>"; when the runtime is gone, its end of the pipe is
// closed, and what was not taken back is killed.
const SCRIPT = `
groups=' '
while read -r sign group; do
  if [ "$sign" = + ]; then groups="$groups$group "
  else groups="\${groups%% $group *} \${groups#* $group }"
  fi
done
for group in $groups; do kill -KILL "-$group" 2>/dev/null; done
`;

/**
 * Sees to it that no process outlives the runtime, even when that is killed by
 * SIGKILL: a shell beside it ends the groups that it knows, and the next start ends
 * whatever still carries the mark of this state folder.
 */
export class Reaper {
  readonly #shell: ChildProcess;

  private constructor(
    /** Marks begin with it. */
    readonly mark: string,
  ) {
    this.#shell = spawn('/bin/sh', ['-c', SCRIPT], {
      env: { PATH: '/usr/bin:/bin' },
      cwd: '/',
      stdio: ['pipe', 'ignore', 'ignore'],
      // Out of the group of the runtime, which may be killed as a whole.
      detached: true,
    });
    // Without it, the next start still cleans up.
    this.#shell.on('error', () => {});
    this.#shell.stdin?.on('error', () => {});
    this.#shell.unref();
    const { stdin } = this.#shell;
    if (stdin && 'unref' in stdin && typeof stdin.unref === 'function') {
      stdin.unref();
    }
  }

  /** Ends what an earlier runtime left behind, and begins to watch. */
  static async start(mark: string): Promise<Reaper> {
    await killMarked(`${mark}.`);
    return new Reaper(mark);
  }

  add(group: number): void {
    this.#shell.stdin?.write(`+ ${group}\n`);
  }

  remove(group: number): void {
    this.#shell.stdin?.write(`- ${group}\n`);
  }

  stop(): void {
    this.#shell.stdin?.end();
  }
}

/** Kills all processes with a mark that begins so, until there are none. */
export async function killMarked(prefix: string): Promise<void> {
  // A process may fork while it is being killed; each round catches the children.
  for (let round = 0; round < 20; round += 1) {
    const pids = await findMarkedProcesses(MARK_VARIABLE, prefix);
    if (pids.length === 0) {
      return;
    }
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended meanwhile.
      }
    }
    // A killed process is in the table until the system has put it away.
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}
