import { spawn } from 'node:child_process';
import { ServiceUnavailableError } from '@backstage/errors';

/** How a tool is run to its end. */
export interface ToolOptions {
  command: string;
  args: readonly string[];
  cwd?: string;
  environment?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
  signal?: AbortSignal;
}

/**
 * Runs a tool to its end, and gives what it printed.
 *
 * @throws ServiceUnavailableError with its last words when it fails
 */
export async function runTool(options: ToolOptions): Promise<string> {
  const { command, args, cwd, environment, uid, gid, signal } = options;
  const child = spawn(command, args, {
    cwd,
    env: environment,
    uid,
    gid,
    signal,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: string[] = [];
  const said: string[] = [];
  child.stdout.setEncoding('utf8').on('data', text => printed.push(text));
  child.stderr.setEncoding('utf8').on('data', text => said.push(text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) {
    throw new ServiceUnavailableError(
      `${command} ${args.slice(0, 3).join(' ')} ended with ${
        code ?? 'a signal'
      }: ${(said.join('') || printed.join('')).trim().slice(-1500)}`,
    );
  }
  return printed.join('');
}
