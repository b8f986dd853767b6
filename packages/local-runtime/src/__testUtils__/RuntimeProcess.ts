import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { RuntimeClient } from './TestRuntime';

const TOKEN = 'token-of-the-tests';

/** The runtime as a process of its own, as the launcher starts it. */
export class RuntimeProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly client: RuntimeClient,
  ) {}

  static async start(
    environment: Record<string, string>,
  ): Promise<RuntimeProcess> {
    const child = spawn(
      process.execPath,
      [
        '--require',
        require.resolve('@backstage/cli/config/nodeTransform.cjs'),
        // eslint-disable-next-line no-restricted-syntax -- only ever run from the sources
        resolve(__dirname, '../main.ts'),
      ],
      {
        // Without what Jest puts into the environment, and not as a test.
        env: {
          PATH: process.env.PATH,
          PORTICO_RUNTIME_TOKEN: TOKEN,
          PORTICO_TEST_CANARY: 'canary-in-the-environment',
          ...environment,
        },
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      },
    );
    let errors = '';
    child.stderr?.on('data', chunk => {
      errors += chunk;
    });
    const url = await new Promise<string>((started, failed) => {
      // The transform of the sources sends messages of its own.
      child.on('message', (message: { type?: string; url?: string }) => {
        if (message.type === 'ready' && message.url) {
          started(message.url);
        }
      });
      child.once('exit', code =>
        failed(new Error(`It ended with ${code}: ${errors}`)),
      );
    });
    return new RuntimeProcess(child, new RuntimeClient(url, TOKEN));
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  /** Ends it without any chance to tidy up. */
  async kill(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<number | null> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const [code] = await ended;
    return code;
  }

  /** What happens when whoever started it is killed. */
  async abandon(): Promise<number | null> {
    const ended = once(this.child, 'exit');
    this.child.disconnect();
    const [code] = await ended;
    return code;
  }
}
