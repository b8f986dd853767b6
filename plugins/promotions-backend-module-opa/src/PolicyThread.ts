import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { CustomErrorBase } from '@backstage/errors';
import { z } from 'zod';
import { type PolicyBundle } from './readBundle';

const START_MILLISECONDS = 30_000;
/** Of JavaScript; the memory of the policy itself is bounded by WebAssembly. */
const MOST_MEGABYTES = 256;

/** What the thread says; `unusable` ends it. */
const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), entrypoints: z.array(z.string()) }),
  z.object({ kind: z.literal('unusable'), reason: z.string() }),
  z.object({ kind: z.literal('said'), results: z.unknown() }),
  z.object({ kind: z.literal('failed'), name: z.string() }),
]);
type Message = z.infer<typeof messageSchema>;

/*
 * Plain JavaScript, because a thread has no part in how the portal is built; the library is
 * found by whoever starts it.
 */
const PROGRAM = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { loadPolicy } = require(workerData.library);
  loadPolicy(workerData.wasm).then(policy => {
    policy.setData(workerData.data);
    parentPort.on('message', ({ path, input }) => {
      try {
        const results = JSON.parse(JSON.stringify(policy.evaluate(input, path)));
        parentPort.postMessage({ kind: 'said', results });
      } catch (error) {
        parentPort.postMessage({ kind: 'failed', name: String(error && error.name) });
      }
    });
    parentPort.postMessage({ kind: 'ready', entrypoints: Object.keys(policy.entrypoints) });
  }).catch(error => {
    parentPort.postMessage({ kind: 'unusable', reason: String(error && error.message) });
  });
`;

/** The policy was asked for something that it takes too long for. */
export class PolicyTimeoutError extends CustomErrorBase {
  override name = 'PolicyTimeoutError' as const;
}

/**
 * Decides in a thread of its own, one question after the other, so that a policy that does
 * not end holds up nothing but itself: it is ended with its thread, and the next question
 * starts another one.
 */
export class PolicyThread {
  readonly #bundle: PolicyBundle;
  readonly #timeout: number;
  #worker: Promise<Worker> | undefined;
  #entrypoints: readonly string[] = [];
  #before: Promise<unknown> = Promise.resolve();

  private constructor(bundle: PolicyBundle, timeoutMilliseconds: number) {
    this.#bundle = bundle;
    this.#timeout = timeoutMilliseconds;
  }

  /** @throws Error when the policy cannot be loaded */
  static async start(
    bundle: PolicyBundle,
    options: { timeoutMilliseconds: number },
  ): Promise<PolicyThread> {
    const thread = new PolicyThread(bundle, options.timeoutMilliseconds);
    await thread.#running();
    return thread;
  }

  get entrypoints(): readonly string[] {
    return this.#entrypoints;
  }

  /**
   * What the policy results in.
   *
   * @throws PolicyTimeoutError when it takes too long, Error with its name when it fails
   */
  async evaluate(
    question: { path: string; input: object },
    signal: AbortSignal,
  ): Promise<unknown> {
    const turn = this.#before.then(async () => {
      signal.throwIfAborted();
      return this.#ask(question);
    });
    this.#before = turn.catch(() => {});
    return turn;
  }

  async stop(): Promise<void> {
    const worker = await this.#worker?.catch(() => undefined);
    this.#worker = undefined;
    await worker?.terminate();
  }

  async #ask(question: { path: string; input: object }): Promise<unknown> {
    const worker = await this.#running();
    const answer = nextMessage(worker, this.#timeout);
    worker.postMessage(question);
    const message = await answer.catch(async error => {
      await this.stop();
      throw error;
    });
    switch (message.kind) {
      case 'said':
        return message.results;
      case 'failed':
        throw Object.assign(new Error('The policy failed'), {
          name: message.name,
        });
      case 'ready':
      case 'unusable':
        throw new Error(
          `A policy that was asked said that it is ${message.kind}`,
        );
      default:
        return message satisfies never;
    }
  }

  #running(): Promise<Worker> {
    this.#worker ??= this.#start().catch(error => {
      this.#worker = undefined;
      throw error;
    });
    return this.#worker;
  }

  async #start(): Promise<Worker> {
    const worker = new Worker(PROGRAM, {
      eval: true,
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
      workerData: {
        library: require.resolve('@open-policy-agent/opa-wasm'),
        ...this.#bundle,
      },
    });
    // The portal ends without waiting for it.
    worker.unref();
    try {
      const message = await nextMessage(worker, START_MILLISECONDS);
      if (message.kind !== 'ready') {
        throw new Error(
          message.kind === 'unusable' ? message.reason : 'it is no policy',
        );
      }
      this.#entrypoints = message.entrypoints;
      return worker;
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  }
}

async function nextMessage(
  worker: Worker,
  milliseconds: number,
): Promise<Message> {
  const over = new AbortController();
  const { signal } = over;
  const timer = setTimeout(
    () =>
      over.abort(
        new PolicyTimeoutError(
          `It did not decide within ${milliseconds / 1_000} s`,
        ),
      ),
    milliseconds,
  );
  try {
    return await Promise.race([
      once(worker, 'message', { signal }).then(([message]) =>
        messageSchema.parse(message),
      ),
      once(worker, 'exit', { signal }).then(() => {
        throw new Error('The thread of the policy ended');
      }),
    ]);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    clearTimeout(timer);
    // Nothing listens any more.
    over.abort();
  }
}
