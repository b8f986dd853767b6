import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@backstage/errors';
import {
  type EnvironmentReason,
  PORTICO_FILE,
} from '@portico/plugin-local-runtime-common';
import { parsePorticoFile, type PorticoFile } from '../git/porticoFile';
import { cleanEnvironment } from '../process/cleanEnvironment';
import { describeEnd, GroupProcess } from '../process/GroupProcess';
import { type ProcessWatch } from '../process/ProcessWatch';
import { type Reaper } from '../process/Reaper';
import { parsePackageFile } from '../runs/packageFiles';
import { askService, type ServiceTarget } from './askService';
import { type ServiceLogFile } from './ServiceLogFile';

export interface InstanceOptions {
  reaper: Reaper;
  watch: ProcessWatch;
  log: ServiceLogFile;
  digest: string;
  /** Where the artefact was unpacked. */
  revisionFolder: string;
  /** Home and temporary files lie below. */
  folder: string;
  target: ServiceTarget;
  variables: Record<string, string>;
}

const MEBIBYTE = 1024 * 1024;
const START_POLL_MS = 100;

/** One process group that runs a revision. */
export class ServiceInstance {
  readonly digest: string;
  readonly target: ServiceTarget;
  readonly startedAt = new Date();
  memoryBytes: number | undefined;
  /** Why it is being ended by us; else it ends by itself. */
  #endReason: EnvironmentReason | undefined;
  #stopping = false;
  readonly #process: GroupProcess;
  readonly #ended: Promise<EnvironmentReason | undefined>;
  #hasEnded = false;

  private constructor(
    options: InstanceOptions,
    readonly porticoFile: PorticoFile,
    script: string,
  ) {
    const { log } = options;
    this.digest = options.digest;
    this.target = options.target;
    this.#process = new GroupProcess(options.reaper, {
      command: '/bin/sh',
      args: ['-c', script],
      cwd: options.revisionFolder,
      environment: cleanEnvironment({
        home: join(options.folder, 'home'),
        temporary: join(options.folder, 'tmp'),
        path: [join(options.revisionFolder, 'node_modules/.bin')],
        variables: {
          NODE_ENV: 'production',
          HOST: options.target.host,
          PORT: String(options.target.port),
          // Nothing waits for it to be taken out of a load balancer.
          DRAIN_SECONDS: '0',
          ...options.variables,
        },
      }),
      onOutput: (source, chunk) => log.write(source, chunk),
    });
    const unwatch =
      this.#process.group === undefined
        ? () => {}
        : options.watch.watch(this.#process.group, bytes =>
            this.#onMemory(bytes),
          );
    // Others of the group serve nobody when the first has ended.
    this.#ended = this.#process.gone.then(end => {
      this.#hasEnded = true;
      unwatch();
      log.finish();
      if (this.#stopping) {
        return undefined;
      }
      if (this.#endReason) {
        return this.#endReason;
      }
      const how = describeEnd(end);
      return log.tail.some(line => line.includes('EADDRINUSE'))
        ? {
            code: 'portConflict',
            message: `The process ${how}: the port it wants is taken. It has to listen on the port in PORT.`,
          }
        : { code: 'exited', message: `The process ${how}; its log says more.` };
    });
  }

  /**
   * Starts a revision; `waitUntilReady` tells when it answers.
   *
   * @throws InputError when the revision cannot be run
   */
  static async start(options: InstanceOptions): Promise<ServiceInstance> {
    const read = (name: string) =>
      readFile(join(options.revisionFolder, name), 'utf8');
    const porticoFile = parsePorticoFile(await read(PORTICO_FILE));
    const script = parsePackageFile(await read('package.json')).scripts.start;
    if (!porticoFile || !script) {
      throw new InputError(
        `The revision has no ${
          porticoFile ? 'script "start" in package.json' : 'service'
        }.`,
      );
    }
    for (const name of ['home', 'tmp']) {
      await mkdir(join(options.folder, name), { recursive: true });
    }
    return new ServiceInstance(options, porticoFile, script);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Settles when it is gone, with the reason unless it was stopped. */
  get ended(): Promise<EnvironmentReason | undefined> {
    return this.#ended;
  }

  /** @returns undefined when it is ready, else why it never will be */
  async waitUntilReady(
    milliseconds: number,
    signal: AbortSignal,
  ): Promise<EnvironmentReason | undefined> {
    const deadline = Date.now() + milliseconds;
    const { livePath, readyPath } = this.porticoFile;
    let missing = livePath;
    while (!signal.aborted && !this.#hasEnded) {
      const live = await this.#passes(livePath);
      const ready = live && (await this.#passes(readyPath));
      if (ready) {
        return undefined;
      }
      missing = live ? readyPath : livePath;
      if (Date.now() > deadline) {
        this.#endReason = {
          code: 'startTimeout',
          message: `The process did not answer 200 at ${missing} within ${
            milliseconds / 1_000
          } s: it has to listen on HOST and PORT.`,
        };
        await this.#process.kill();
        break;
      }
      await Promise.race([
        this.#ended,
        new Promise(resolve => setTimeout(resolve, START_POLL_MS)),
      ]);
    }
    if (signal.aborted) {
      await this.stop(0);
      return undefined;
    }
    return this.#ended;
  }

  /** Asks the paths of `portico.yaml`. */
  async probe(): Promise<{ live: boolean; ready: boolean }> {
    const [live, ready] = await Promise.all([
      this.#passes(this.porticoFile.livePath),
      this.#passes(this.porticoFile.readyPath),
    ]);
    return { live, ready };
  }

  /** Text of its measurements; undefined when it has none. */
  async metrics(): Promise<string | undefined> {
    const { metricsPath } = this.porticoFile;
    const answer = metricsPath
      ? await askService(this.target, metricsPath)
      : undefined;
    return answer?.status === 200 ? answer.text : undefined;
  }

  /** Ends it because it must not go on. */
  async end(reason: EnvironmentReason, graceMs: number): Promise<void> {
    this.#endReason ??= reason;
    await this.#process.stop(graceMs);
  }

  /** Ends it because it is not needed. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    await this.#process.stop(graceMs);
    await this.#ended;
  }

  async #passes(path: string): Promise<boolean> {
    return (await askService(this.target, path))?.status === 200;
  }

  #onMemory(bytes: number): void {
    this.memoryBytes = bytes;
    const limit = this.porticoFile.memoryLimitBytes;
    if (bytes > limit && !this.#endReason && !this.#stopping) {
      this.#endReason = {
        code: 'memoryLimit',
        message: `It used ${Math.ceil(bytes / MEBIBYTE)} MiB of memory; ${
          limit / MEBIBYTE
        } MiB are its limit (spec.resources.size in ${PORTICO_FILE}).`,
      };
      void this.#process.kill();
    }
  }
}
