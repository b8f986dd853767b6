import { type ChildProcess, spawn } from 'child_process';
import { once } from 'events';
import { createWriteStream } from 'fs';
import { createInterface } from 'readline';
import { setTimeout as delay } from 'timers/promises';

const tailLines = 15;
const stopTimeoutMs = 12_000;

/** A process that runs until it is stopped. */
export interface ServiceProcessOptions {
  command: string;
  args: string[];
  cwd: string;
  environment: NodeJS.ProcessEnv;
  logFile: string;
  onLine: (line: string) => void;
}

/** A long-running part of the portal, with its log in a file. */
export class ServiceProcess {
  readonly child: ChildProcess;
  readonly #exited: Promise<string>;
  readonly #tail: string[] = [];

  constructor(options: ServiceProcessOptions) {
    const log = createWriteStream(options.logFile, { flags: 'a' });
    // A log that cannot be written must not end the portal.
    log.on('error', () => {});
    this.child = spawn(options.command, options.args, {
      cwd: options.cwd,
      env: options.environment,
      // With the channel it notices when this process is gone.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', line => {
        log.write(`${line}\n`);
        this.#tail.push(line);
        this.#tail.splice(0, this.#tail.length - tailLines);
        options.onLine(line);
      });
    }
    this.#exited = once(this.child, 'close').then(
      ([code, signal]) => (signal ? `by ${signal}` : `with code ${code}`),
      error => `because it could not be run: ${error.message}`,
    );
  }

  /** Settles with how it ended: "with code 1", "by SIGKILL". */
  get exited(): Promise<string> {
    return this.#exited;
  }

  /** The last lines that it printed. */
  get tail(): readonly string[] {
    return this.#tail;
  }

  /** Asks the whole process group to end, and ends it after 12 s. */
  async stop(): Promise<void> {
    this.#signal('SIGTERM');
    const stopped = await Promise.race([
      this.#exited,
      delay(stopTimeoutMs, undefined, { ref: false }),
    ]);
    if (stopped === undefined) this.#signal('SIGKILL');
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid, exitCode, signalCode } = this.child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // it ended by itself
    }
  }
}
