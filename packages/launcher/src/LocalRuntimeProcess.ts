import { rename } from 'fs/promises';
import { constants, setPriority } from 'os';
import { resolve } from 'path';
import { setTimeout as delay } from 'timers/promises';
import { nodeTransform, repositoryRoot } from './paths';
import { runtimePort } from './portalEnvironment';
import { type Secrets } from './readSecrets';
import { ServiceProcess } from './ServiceProcess';
import { type StartOptions } from './StartOptions';

/** What npm finds packages with on this machine, and the runtime's own settings. */
const passedOn =
  /^(PATH|HOME|LANG|LC_ALL|TMPDIR|https?_proxy|no_proxy|all_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|npm_config_registry|NODE_COMPILE_CACHE|PORTICO_RUNTIME_[A-Z_]+)$/i;

const firstPauseMs = 2_000;
const longestPauseMs = 60_000;
/** One that ran for so long has started well. */
const settledMs = 120_000;

/** What is told of the process. */
export interface LocalRuntimeHost {
  print(text: string): void;
  part(pid: number): void;
}

/**
 * The local runtime beside a portal: builds what is pushed and runs what is declared.
 * The portal does without it, so its end is told and it is started again.
 */
export class LocalRuntimeProcess {
  readonly #stop = new AbortController();
  readonly #options: StartOptions;
  readonly #secrets: Pick<Secrets, 'runtime'>;
  readonly #host: LocalRuntimeHost;
  readonly #logFile: string;
  #service: ServiceProcess | undefined;
  readonly #loop: Promise<void>;

  constructor(
    options: StartOptions,
    secrets: Pick<Secrets, 'runtime'>,
    host: LocalRuntimeHost,
  ) {
    this.#options = options;
    this.#secrets = secrets;
    this.#host = host;
    this.#logFile = resolve(options.data, 'logs', 'local-runtime.log');
    this.#loop = this.#run();
  }

  /** Ends it with everything that it runs. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#service?.stop();
    await this.#loop;
  }

  async #run(): Promise<void> {
    // the log of the run before is kept beside
    await rename(this.#logFile, `${this.#logFile}.1`).catch(() => {});
    let pause = firstPauseMs;
    while (!this.#stop.signal.aborted) {
      const startedAt = Date.now();
      this.#service = this.#start();
      const how = await this.#service.exited;
      if (this.#stop.signal.aborted) return;
      if (Date.now() - startedAt > settledMs) pause = firstPauseMs;
      const reason = this.#service.tail.findLast(line => line.trim() !== '');
      this.#host.print(
        `  The local runtime ended ${how}${
          reason ? `: ${reason}` : '.'
        } The portal goes on without it and starts it again in ${
          pause / 1_000
        } s; its log is ${this.#logFile}.`,
      );
      await delay(pause, undefined, { signal: this.#stop.signal }).catch(
        () => {},
      );
      pause = Math.min(pause * 2, longestPauseMs);
    }
  }

  #start(): ServiceProcess {
    const service = new ServiceProcess({
      command: process.execPath,
      args: [
        '--require',
        nodeTransform,
        resolve(repositoryRoot, 'packages/local-runtime/src/main.ts'),
      ],
      cwd: repositoryRoot,
      environment: {
        // No password of the database and no secret of the portal.
        ...Object.fromEntries(
          Object.entries(process.env).filter(([name]) => passedOn.test(name)),
        ),
        NODE_ENV: 'development',
        PORTICO_PORT: String(this.#options.port),
        PORTICO_RUNTIME_PORT: String(runtimePort(this.#options)),
        PORTICO_RUNTIME_TOKEN: this.#secrets.runtime,
        PORTICO_RUNTIME_DIRECTORY: resolve(this.#options.data, 'runtime'),
        PORTICO_GIT_DIRECTORY: resolve(this.#options.data, 'git'),
      },
      logFile: this.#logFile,
      onLine: () => {},
    });
    const { pid } = service.child;
    if (pid) {
      this.#host.part(pid);
      // What it starts inherits that: twenty builds of a first start leave the portal
      // and its demo the processor, and cost nothing where nobody else wants it.
      setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
    }
    return service;
  }
}
