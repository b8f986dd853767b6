import { type ChildProcess, spawn } from 'node:child_process';
import { ForwardedError, InputError } from '@backstage/errors';
import { gitEnvironment } from './gitEnvironment';

/** How one git command is run. */
export interface GitCommandOptions {
  /** The bare repository; none for `init`. */
  gitDirectory?: string;
  workTree?: string;
  environment?: Record<string, string>;
  input?: Buffer | string;
  /** Bytes of output after which the command is ended; 16 MiB without it. */
  maxOutputBytes?: number;
  /** Milliseconds after which the command is ended; 30 s without it. */
  timeoutMs?: number;
  /** Exit codes besides 0 that are an answer and no failure. */
  allowExitCodes?: number[];
}

/** What a git command said. */
export interface GitCommandResult {
  code: number;
  stdout: Buffer;
}

/** A git command that ended with an error. */
export class GitCommandError extends Error {
  constructor(
    readonly command: string,
    readonly code: number | undefined,
    readonly stderr: string,
  ) {
    super(
      `git ${command} ended with ${code ?? 'a signal'}: ${
        stderr || 'no message'
      }`,
    );
    this.name = 'GitCommandError';
  }
}

const KILL_AFTER_MS = 5_000;

/**
 * Starts git processes, each in a process group of its own, with a clean
 * environment, and ends those that still run when the portal stops.
 */
export class GitProcesses {
  readonly #running = new Set<ChildProcess>();

  readonly #staying = new Set<ChildProcess>();

  /** How many processes run now, without those that wait for the next question. */
  get count(): number {
    return this.#running.size - this.#staying.size;
  }

  /** Starts a process and leaves its streams to the caller. */
  start(
    command: string,
    args: string[],
    options: {
      cwd?: string;
      environment: Record<string, string>;
      /** It waits for questions until its caller ends it. */
      stays?: boolean;
    },
  ) {
    const child = spawn(command, args, {
      cwd: options.cwd ?? '/',
      env: options.environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own, so that the helpers of git end with it.
      detached: true,
    });
    const forget = () => {
      this.#running.delete(child);
      this.#staying.delete(child);
    };
    this.#running.add(child);
    if (options.stays) {
      this.#staying.add(child);
    }
    child.once('close', forget);
    child.once('error', forget);
    return child;
  }

  /** Ends a process and its helpers: politely first, so that git tidies up. */
  end(child: ChildProcess): void {
    if (!this.#running.has(child)) {
      return;
    }
    signalGroup(child, 'SIGTERM');
    const timer = setTimeout(() => {
      if (this.#running.has(child)) {
        signalGroup(child, 'SIGKILL');
      }
    }, KILL_AFTER_MS);
    timer.unref();
  }

  /** Ends a process that was asked to stop, when it has not done so in time. */
  endLater(child: ChildProcess): void {
    const timer = setTimeout(() => this.end(child), KILL_AFTER_MS);
    timer.unref();
    child.once('close', () => clearTimeout(timer));
  }

  /** Ends all processes and waits for them. */
  async endAll(): Promise<void> {
    await Promise.all(
      [...this.#running].map(
        child =>
          new Promise<void>(resolve => {
            child.once('close', () => resolve());
            child.once('error', () => resolve());
            this.end(child);
          }),
      ),
    );
  }

  /**
   * Runs a git command to its end and gives its output.
   *
   * @throws GitCommandError when it fails, InputError when it says more than allowed
   */
  async run(
    args: string[],
    options: GitCommandOptions = {},
  ): Promise<GitCommandResult> {
    const maxOutputBytes = options.maxOutputBytes ?? 16 * 1024 * 1024;
    const timeoutMs = options.timeoutMs ?? 30_000;
    const child = this.start('git', args, {
      cwd: options.workTree,
      environment: {
        ...gitEnvironment(),
        ...(options.gitDirectory && { GIT_DIR: options.gitDirectory }),
        ...(options.workTree && { GIT_WORK_TREE: options.workTree }),
        ...options.environment,
      },
    });
    const stdout: Buffer[] = [];
    let bytes = 0;
    let stderr = '';
    let failure: Error | undefined;

    const timer = setTimeout(() => {
      failure ??= new GitCommandError(
        args[0],
        undefined,
        `took longer than ${timeoutMs} ms`,
      );
      this.end(child);
    }, timeoutMs);

    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxOutputBytes) {
        failure ??= new InputError(
          `The answer is larger than the limit of ${maxOutputBytes} bytes`,
        );
        this.end(child);
        return;
      }
      stdout.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(0, 4_000);
    });
    // The process may end before it has read everything.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');

    try {
      const code = await new Promise<number | undefined>((resolve, reject) => {
        child.once('error', error =>
          reject(new ForwardedError('git could not be started', error)),
        );
        child.once('close', exit => resolve(exit ?? undefined));
      });
      if (failure) {
        throw failure;
      }
      if (
        code === undefined ||
        (code !== 0 && !options.allowExitCodes?.includes(code))
      ) {
        throw new GitCommandError(args[0], code, stderr.trim());
      }
      return { code, stdout: Buffer.concat(stdout) };
    } finally {
      clearTimeout(timer);
    }
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) {
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It ended in the meantime.
  }
}
