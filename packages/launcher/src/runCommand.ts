import { spawn } from 'child_process';
import { createInterface } from 'readline';
import { LauncherError } from './LauncherError';

/** A command that runs to its end. */
export interface CommandOptions {
  /** What it does, for the sentence about its failure: "build the app". */
  purpose: string;
  command: string;
  args: string[];
  cwd: string;
  /** Another user to run it as; only root can. */
  uid?: number;
  gid?: number;
  environment?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  /** Gets each line that the command prints. */
  onLine?: (line: string) => void;
}

const tailLines = 12;

/**
 * Runs a command to its end.
 *
 * @throws LauncherError with the last lines when it fails, an AbortError when stopped
 */
export async function runCommand(options: CommandOptions): Promise<void> {
  const tail: string[] = [];
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.environment,
    uid: options.uid,
    gid: options.gid,
    signal: options.signal,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', line => {
      tail.push(line);
      tail.splice(0, tail.length - tailLines);
      options.onLine?.(line);
    });
  }
  const [code, signal] = await new Promise<[number | null, string | null]>(
    (resolve, reject) => {
      child.once('error', reject);
      child.once('close', (...end) => resolve(end));
    },
  );
  if (code !== 0) {
    const reason = tail.some(line => line.includes('ENOSPC'))
      ? 'the disk is full.'
      : tail.map(line => `\n  ${line}`).join('');
    throw new LauncherError(
      `Portico could not ${options.purpose} (${
        signal ?? `exit code ${code}`
      }): ${reason}`,
    );
  }
}
