import { spawn } from 'child_process';
import { devNull } from 'os';
import { ForwardedError } from '@backstage/errors';

/** A git command that did not end well. */
export class GitError extends Error {
  constructor(command: string, readonly stderr: string) {
    super(`git ${command} failed: ${stderr || 'no message'}`);
    this.name = 'GitError';
  }
}

const KILL_AFTER_MILLISECONDS = 2_000;
const MAXIMUM_OUTPUT_BYTES = 16 * 1024 * 1024;

/**
 * Runs git to its end and gives what it printed. Nothing of the portal's environment
 * and of the machine's git configuration gets in; helpers of git end with it.
 *
 * @param options.settings - configuration for this one run. It goes by the environment,
 *   so that a credential in it stands neither on a command line nor on the disk.
 * @throws GitError
 */
export async function runGit(
  args: readonly string[],
  options: {
    directory: string;
    settings: ReadonlyArray<readonly [string, string]>;
    environment?: Record<string, string>;
    input?: string;
    timeoutMilliseconds: number;
    signal: AbortSignal;
  },
): Promise<string> {
  options.signal.throwIfAborted();
  const child = spawn('git', args, {
    cwd: options.directory,
    env: {
      PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
      LC_ALL: 'C',
      HOME: '/nonexistent',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: devNull,
      GIT_ATTR_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      GIT_LITERAL_PATHSPECS: '1',
      ...options.environment,
      ...asEnvironment(options.settings),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
    // a group of its own, so that the helpers of git end with it
    detached: true,
  });
  const end = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) {
        process.kill(-child.pid, signal);
      }
    } catch {
      // it ended in the meantime
    }
  };
  let killTimer: NodeJS.Timeout | undefined;
  const stop = () => {
    end('SIGTERM');
    killTimer ??= setTimeout(() => end('SIGKILL'), KILL_AFTER_MILLISECONDS);
  };
  let reason = '';
  const timer = setTimeout(() => {
    reason = `took longer than ${options.timeoutMilliseconds} ms`;
    stop();
  }, options.timeoutMilliseconds);
  options.signal.addEventListener('abort', stop);

  const stdout: Buffer[] = [];
  let bytes = 0;
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAXIMUM_OUTPUT_BYTES) {
      reason = `printed more than ${MAXIMUM_OUTPUT_BYTES} bytes`;
      stop();
    } else {
      stdout.push(chunk);
    }
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(0, 1_000);
  });
  // it may end before it has read everything
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', error =>
        reject(new ForwardedError('git could not be started', error)),
      );
      child.once('close', resolve);
    });
    options.signal.throwIfAborted();
    if (reason || code !== 0) {
      throw new GitError(args[0], reason || stderr.trim());
    }
    return Buffer.concat(stdout).toString('utf8');
  } finally {
    clearTimeout(timer);
    clearTimeout(killTimer);
    options.signal.removeEventListener('abort', stop);
  }
}

function asEnvironment(settings: ReadonlyArray<readonly [string, string]>) {
  const environment: Record<string, string> = {
    GIT_CONFIG_COUNT: String(settings.length),
  };
  settings.forEach(([key, value], index) => {
    environment[`GIT_CONFIG_KEY_${index}`] = key;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return environment;
}
