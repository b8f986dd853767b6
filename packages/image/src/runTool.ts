import { ServiceUnavailableError } from '@backstage/errors';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const TAIL = 3_000;

/** How a program ended, and what it wrote. */
export interface ToolResult {
  code: number;
  output: string;
}

/** How a program is run. */
export interface ToolOptions {
  cwd?: string;
  environment?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  /** Gets what it writes, as it writes it. */
  onOutput?: (text: string) => void;
}

/**
 * Runs a program to its end.
 *
 * @throws ServiceUnavailableError when it cannot be run
 */
export async function tryTool(
  command: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<ToolResult> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.environment ?? process.env,
    signal: options.signal,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (data: Buffer) => {
    output += data;
    options.onOutput?.(String(data));
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  try {
    const [code] = await once(child, 'close');
    return { code: code ?? 1, output };
  } catch (error) {
    throw new ServiceUnavailableError(
      `The command "${command}" cannot be run: install it`,
      error,
    );
  }
}

/**
 * Runs a program that has to end well.
 *
 * @returns what it wrote
 */
export async function runTool(
  command: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<string> {
  const { code, output } = await tryTool(command, args, options);
  if (code !== 0) {
    throw new ServiceUnavailableError(
      `${command} ${args[0]} ended with code ${code}: ${output.slice(-TAIL)}`,
    );
  }
  return output;
}
