import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import {
  InputError,
  isError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { loadPolicy, type LoadedPolicy } from '@open-policy-agent/opa-wasm';
import { z } from 'zod';
import {
  type PolicyDecider,
  type PolicyDecision,
  readDecision,
} from './PolicyDecision';
import { readBundle } from './readBundle';

const MOST_BYTES = 32 * 1024 * 1024;

const evaluationSchema = z.array(z.object({ result: z.unknown() })).max(1);

/** A policy that was compiled to WebAssembly, decided in the portal's own process. */
export class WasmPolicy implements PolicyDecider {
  readonly #name: string;
  readonly #policy: LoadedPolicy;
  /** SHA-256 of the file: which policy it was. */
  readonly #digest: string;

  private constructor(options: {
    name: string;
    policy: LoadedPolicy;
    digest: string;
  }) {
    this.#name = options.name;
    this.#policy = options.policy;
    this.#digest = options.digest;
  }

  /** @throws InputError for a file that cannot be read, or is no policy */
  static async load(options: {
    name: string;
    file: string;
  }): Promise<WasmPolicy> {
    const { name, file } = options;
    try {
      const content = await readBoundedFile(file);
      const { wasm, data } = await readBundle(content);
      const policy = await loadPolicy(wasm);
      policy.setData(data);
      return new WasmPolicy({
        name,
        policy,
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
  }): Promise<PolicyDecision> {
    const { path, input } = options;
    const who = `The policy "${this.#name}"`;
    if (!Object.hasOwn(this.#policy.entrypoints, path)) {
      throw new ServiceUnavailableError(
        `${who} has no entrypoint ${path}: build it with "-e ${path}"`,
      );
    }
    let results: unknown;
    try {
      results = this.#policy.evaluate(input, path);
    } catch (error) {
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
