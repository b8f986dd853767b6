import { spawn } from 'node:child_process';
import { ForwardedError } from '@backstage/errors';

/** A program and the bounds that it runs in. */
export interface LimitedCommand {
  command: string;
  args: readonly string[];
  /** The whole environment of the program. */
  environment: Record<string, string>;
  cwd: string;
  timeoutMs: number;
  /** Bytes of standard output after which it is ended. */
  maxOutputBytes: number;
  input?: string;
  /** Bounds that the operating system keeps, where it can. */
  bounds?: { memoryBytes: number; fileBytes: number; processorSeconds: number };
  /** Ends it early. */
  signal?: AbortSignal;
}

/** How a program ended. */
export interface LimitedResult {
  outcome: 'ended' | 'timedOut' | 'tooMuchOutput' | 'stopped';
  /** Undefined when a signal ended it. */
  code: number | undefined;
  stdout: Buffer;
  /** The last lines of both streams, in the order in which they came. */
  tail: string;
}

const MOST_TAIL_CHARACTERS = 32 * 1024;

// `ulimit -v` is refused on some systems; the other bounds hold there.
const BOUNDED = [
  'ulimit -v "$1" 2>/dev/null',
  'ulimit -f "$2" 2>/dev/null',
  'ulimit -t "$3" 2>/dev/null',
  'shift 3',
  'exec nice -n 10 "$@"',
].join('\n');

/**
 * Runs a program in a process group of its own, which ends as a whole: when the program
 * has ended, takes too long or says too much.
 */
export async function runLimited(
  options: LimitedCommand,
): Promise<LimitedResult> {
  options.signal?.throwIfAborted();
  const [command, args] = bounded(options);
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.environment,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const stdout: Buffer[] = [];
  let bytes = 0;
  let tail = '';
  let outcome: LimitedResult['outcome'] = 'ended';
  const endGroup = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Nothing of the group is left.
    }
  };
  const stop = (why: LimitedResult['outcome']) => {
    if (outcome === 'ended') outcome = why;
    endGroup();
  };
  const note = (chunk: Buffer) => {
    tail = (tail + chunk.toString('utf8')).slice(-MOST_TAIL_CHARACTERS);
  };
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > options.maxOutputBytes) {
      stop('tooMuchOutput');
      return;
    }
    stdout.push(chunk);
    note(chunk);
  });
  child.stderr.on('data', note);
  // It may end before it has read everything.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');

  const timer = setTimeout(() => stop('timedOut'), options.timeoutMs);
  const onAbort = () => stop('stopped');
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const code = await new Promise<number | undefined>((resolve, reject) => {
      child.once('error', error =>
        reject(new ForwardedError(`${command} could not be started`, error)),
      );
      // Children that it left behind hold the streams open: they end with it.
      child.once('exit', endGroup);
      child.once('close', exit => resolve(exit ?? undefined));
    });
    return { outcome, code, stdout: Buffer.concat(stdout), tail };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
  }
}

function bounded(options: LimitedCommand): [string, string[]] {
  const { bounds, command, args } = options;
  if (!bounds) return [command, [...args]];
  return [
    '/bin/sh',
    [
      '-c',
      BOUNDED,
      'sh',
      String(Math.ceil(bounds.memoryBytes / 1024)),
      // in blocks of 512 bytes
      String(Math.ceil(bounds.fileBytes / 512)),
      String(bounds.processorSeconds),
      command,
      ...args,
    ],
  ];
}
