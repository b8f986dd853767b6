import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import {
  InputError,
  isError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { z } from 'zod';
import {
  type PolicyDecider,
  type PolicyDecision,
  readDecision,
} from './PolicyDecision';
import { PolicyThread, PolicyTimeoutError } from './PolicyThread';
import { readBundle } from './readBundle';

const MOST_BYTES = 32 * 1024 * 1024;
const TIMEOUT_MILLISECONDS = 5_000;

const evaluationSchema = z.array(z.object({ result: z.unknown() })).max(1);

/** A policy that was compiled to WebAssembly, decided in a thread of the portal. */
export class WasmPolicy implements PolicyDecider {
  readonly #name: string;
  readonly #thread: PolicyThread;
  /** SHA-256 of the file: which policy it was. */
  readonly #digest: string;

  private constructor(options: {
    name: string;
    thread: PolicyThread;
    digest: string;
  }) {
    this.#name = options.name;
    this.#thread = options.thread;
    this.#digest = options.digest;
  }

  /** @throws InputError for a file that cannot be read, or is no policy */
  static async load(options: {
    name: string;
    file: string;
    /** How long one decision may take. */
    timeoutMilliseconds?: number;
  }): Promise<WasmPolicy> {
    const { name, file, timeoutMilliseconds = TIMEOUT_MILLISECONDS } = options;
    try {
      const content = await readBoundedFile(file);
      const thread = await PolicyThread.start(await readBundle(content), {
        timeoutMilliseconds,
      });
      return new WasmPolicy({
        name,
        thread,
        digest: `sha256:${createHash('sha256').update(content).digest('hex')}`,
      });
    } catch (error) {
      throw new InputError(
        `promotions.opa.bundles: the policy "${name}" cannot be read from ${file} (${
          isError(error) ? error.message : 'unknown error'
        }); make it with "opa build -t wasm -e <entrypoint>"`,
      );
    }
  }

  async decide(options: {
    path: string;
    input: object;
    signal: AbortSignal;
  }): Promise<PolicyDecision> {
    const { path, input, signal } = options;
    const who = `The policy "${this.#name}"`;
    if (!this.#thread.entrypoints.includes(path)) {
      throw new ServiceUnavailableError(
        `${who} has no entrypoint ${path}: build it with "-e ${path}"`,
      );
    }
    let results: unknown;
    try {
      results = await this.#thread.evaluate({ path, input }, signal);
    } catch (error) {
      if (error instanceof PolicyTimeoutError) {
        throw new ServiceUnavailableError(
          `${who} takes too long for ${path}: ${error.message}; make it simpler, or give it more time in promotions.opa.bundles`,
        );
      }
      throw new ServiceUnavailableError(
        `${who} failed on ${path}${
          isError(error) ? ` (${error.name})` : ''
        }; a function that only a server has cannot be used here`,
      );
    }
    const parsed = evaluationSchema.safeParse(results);
    if (!parsed.success) {
      throw new ServiceUnavailableError(`${who} said more than one thing`);
    }
    return {
      ...readDecision(path, parsed.data[0]?.result),
      origin: { bundle: this.#name, bundleDigest: this.#digest },
    };
  }

  /** Ends its thread; nothing has to wait for that. */
  stop(): Promise<void> {
    return this.#thread.stop();
  }
}

async function readBoundedFile(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size > MOST_BYTES) {
      throw new InputError(`it is larger than ${MOST_BYTES} bytes`);
    }
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
