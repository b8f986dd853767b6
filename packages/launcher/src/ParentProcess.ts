import { type Progress, type StepId } from './Progress';

type Message =
  | { type: 'step'; id: StepId; state: 'running' | 'done'; detail?: string }
  | { type: 'log'; line: string }
  | { type: 'print'; text: string }
  | { type: 'part'; pid: number }
  | { type: 'release' }
  | { type: 'ready' }
  | { type: 'failed'; text: string };

/**
 * The process of bin/start.mjs, which holds the port and the terminal.
 *
 * When it is gone, `signal` aborts: nobody is left to stop what was started.
 */
export class ParentProcess implements Progress {
  readonly #stop = new AbortController();

  constructor() {
    process.on('message', (message: { type?: string }) => {
      if (message.type === 'stop') this.#stop.abort();
    });
    process.on('disconnect', () => this.#stop.abort());
    process.on('SIGTERM', () => this.#stop.abort());
    process.on('SIGINT', () => this.#stop.abort());
  }

  /** Aborts when everything is to stop. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  step(id: StepId, state: 'running' | 'done', detail?: string): void {
    this.#send({ type: 'step', id, state, detail });
  }

  log(line: string): void {
    this.#send({ type: 'log', line });
  }

  print(text: string): void {
    this.#send({ type: 'print', text });
  }

  part(pid: number): void {
    this.#send({ type: 'part', pid });
  }

  ready(): void {
    this.#send({ type: 'ready' });
  }

  failed(text: string): void {
    this.#send({ type: 'failed', text });
  }

  /** Has the progress page leave the portal's port. */
  async releasePort(): Promise<void> {
    await new Promise<void>(resolve => {
      const onMessage = (message: { type?: string }) => {
        if (message.type !== 'released') return;
        process.off('message', onMessage);
        resolve();
      };
      process.on('message', onMessage);
      this.#send({ type: 'release' });
    });
  }

  #send(message: Message): void {
    // A channel that just closed is seen by `disconnect`, not here.
    if (process.connected) process.send?.(message, undefined, {}, () => {});
  }
}
