import { type PortalHost } from './runPortal';

/** Prints progress line by line; stops on Ctrl-C and when the launcher is gone. */
export class TerminalHost implements PortalHost {
  readonly #stop = new AbortController();

  constructor() {
    const stop = () => this.#stop.abort();
    process.on('message', (message: { type?: string }) => {
      if (message.type === 'stop') stop();
    });
    process.on('disconnect', stop);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, stop);
    }
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Ends what `signal` was given to. */
  stop(): void {
    this.#stop.abort();
  }

  step(id: string, state: 'running' | 'done'): void {
    this.print(`${id}: ${state}`);
  }

  log(): void {}

  print(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  part(): void {}

  async releasePort(): Promise<void> {}
}
