import { type ChildProcess, spawn } from 'node:child_process';
import { listProcesses } from './processTable';
import { killMarked, MARK_VARIABLE, type Reaper } from './Reaper';

/** How the first process of a group ended. */
export interface ProcessEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** It could not be started at all. */
  error?: Error;
}

/** "ended with exit code 1", for a sentence about a process. */
export function describeEnd(end: ProcessEnd): string {
  if (end.error) {
    return `could not be started: ${end.error.message}`;
  }
  return end.signal
    ? `was ended by ${end.signal}`
    : `ended with exit code ${end.code}`;
}

export interface GroupProcessOptions {
  command: string;
  args: string[];
  cwd: string;
  environment: Record<string, string>;
  onOutput: (source: 'stdout' | 'stderr', chunk: Buffer) => void;
}

const POLL_MS = 25;
const OUTPUT_WAIT_MS = 500;
let count = 0;

/** A program in a process group of its own, which ends as a whole. */
export class GroupProcess {
  readonly #child: ChildProcess;
  readonly #mark: string;
  readonly #end: Promise<ProcessEnd>;
  readonly #gone: Promise<ProcessEnd>;
  readonly #closed: Promise<unknown>;
  /** True while the group may end by itself. */
  #leftAlone = false;

  constructor(private readonly reaper: Reaper, options: GroupProcessOptions) {
    count += 1;
    this.#mark = `${reaper.mark}.${process.pid}.${count}.`;
    this.#child = spawn(options.command, options.args, {
      cwd: options.cwd,
      env: { ...options.environment, [MARK_VARIABLE]: this.#mark },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    if (this.#child.pid !== undefined) {
      reaper.add(this.#child.pid);
    }
    this.#child.stdout?.on('data', chunk => options.onOutput('stdout', chunk));
    this.#child.stderr?.on('data', chunk => options.onOutput('stderr', chunk));
    this.#closed = new Promise(resolve => {
      this.#child.once('close', resolve);
      this.#child.once('error', resolve);
    });
    this.#end = new Promise(resolve => {
      this.#child.once('error', error =>
        resolve({ code: null, signal: null, error }),
      );
      this.#child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    this.#gone = this.#end.then(async end => {
      await this.#clear();
      return end;
    });
  }

  /** Id of the group; undefined when it could not be started. */
  get group(): number | undefined {
    return this.#child.pid;
  }

  /** Settles when the first process has ended; others of the group may still run. */
  get end(): Promise<ProcessEnd> {
    return this.#end;
  }

  /** Settles when nothing of it is left. */
  get gone(): Promise<ProcessEnd> {
    return this.#gone;
  }

  /** Asks the group to end, kills it after `graceMilliseconds`, and waits. */
  async stop(graceMilliseconds: number): Promise<void> {
    this.#leftAlone = true;
    this.#signal('SIGTERM');
    const timer = setTimeout(() => {
      this.#leftAlone = false;
      this.#signal('SIGKILL');
    }, graceMilliseconds);
    await this.#gone;
    clearTimeout(timer);
  }

  /** Kills the group at once and waits. */
  async kill(): Promise<void> {
    this.#leftAlone = false;
    this.#signal('SIGKILL');
    await this.#gone;
  }

  /** After the first process: what is left ends, also where it changed its group. */
  async #clear(): Promise<void> {
    while (await this.#hasMembers()) {
      if (!this.#leftAlone) {
        this.#signal('SIGKILL');
      }
      await new Promise(resolve => setTimeout(resolve, POLL_MS));
    }
    await killMarked(this.#mark);
    if (this.group !== undefined) {
      this.reaper.remove(this.group);
    }
    // Someone who threw the mark away could hold the pipes open.
    await Promise.race([
      this.#closed,
      new Promise(resolve => setTimeout(resolve, OUTPUT_WAIT_MS)),
    ]);
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  async #hasMembers(): Promise<boolean> {
    // A signal also reaches processes that only wait to be put away.
    return (
      this.#signal(0) &&
      (await listProcesses()).some(({ group }) => group === this.group)
    );
  }

  /** Tells whether there was anyone to signal. */
  #signal(signal: NodeJS.Signals | 0): boolean {
    if (this.group === undefined) {
      return false;
    }
    try {
      process.kill(-this.group, signal);
      return true;
    } catch {
      return false;
    }
  }
}
