import { spawn } from 'child_process';

/** Runs a command with this terminal as its output; resolves with its exit code. */
export async function runInTerminal(options: {
  command: string;
  args: string[];
  cwd: string;
  environment: NodeJS.ProcessEnv;
  signal: AbortSignal;
}): Promise<number> {
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const stop = () => child.kill('SIGTERM');
  options.signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', code => resolve(code ?? 1));
    });
  } finally {
    options.signal.removeEventListener('abort', stop);
  }
}
