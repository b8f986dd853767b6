import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type TestDatabase } from '@portico/database/testUtils';
import { backendFolder, endsWithParent } from './paths';
import { portalConfig } from './portalConfig';
import { prepareDatabase } from './prepareDatabase';
import { type RunningPortal } from './RunningPortal';
import { StandInCluster } from './StandInCluster';
import { StandInRuntime } from './StandInRuntime';

const START_LIMIT_MILLISECONDS = 240_000;
/**
 * A portal of the suite's own: the shipped backend as a process of its own, on a database
 * of its own, with nothing replaced. It can be stopped and started again on the same data.
 */
export class OwnPortal implements RunningPortal {
  static async create(options: { port: number }): Promise<OwnPortal> {
    await checkPortIsFree(options.port);
    const database = await prepareDatabase();
    const folder = await mkdtemp(join(tmpdir(), 'portico-isolation-'));
    const cluster = await StandInCluster.start();
    const portal = new OwnPortal(options.port, database, folder, {
      cluster,
      runtime: await StandInRuntime.start(),
    });
    await mkdir(portal.docsDirectory);
    return portal;
  }

  readonly cluster: StandInCluster;
  readonly runtime: StandInRuntime;
  readonly url: string;
  readonly adminConnectionString: string;
  readonly docsDirectory: string;
  readonly gitDirectory: string;
  readonly #secrets = {
    PORTICO_SEALING_KEY: randomBytes(32).toString('base64'),
    PORTICO_AUDIT_KEY: randomBytes(32).toString('base64'),
  };
  #process: ChildProcess | undefined;
  #log = '';

  private constructor(
    private readonly port: number,
    readonly database: TestDatabase,
    private readonly folder: string,
    standIns: { cluster: StandInCluster; runtime: StandInRuntime },
  ) {
    this.cluster = standIns.cluster;
    this.runtime = standIns.runtime;
    this.url = `http://localhost:${port}`;
    this.adminConnectionString = database.adminConnectionString;
    this.docsDirectory = join(folder, 'docs');
    this.gitDirectory = join(folder, 'git');
  }

  log(): string {
    return this.#log;
  }

  /**
   * Starts the backend and waits until it is ready.
   *
   * @param preload - a file that the process loads before everything else
   */
  async start(options: { preload?: string } = {}): Promise<void> {
    const configFile = join(this.folder, 'app-config.json');
    await writeFile(
      configFile,
      JSON.stringify(
        portalConfig(this.port, this.database.config, {
          cluster: this.cluster.url,
          runtime: this.runtime.url,
        }),
      ),
    );
    const backend = spawn(
      process.execPath,
      [
        '--require',
        options.preload ?? endsWithParent,
        '--require',
        '@backstage/cli/config/nodeTransform.cjs',
        'src/index.ts',
        '--config',
        '../../app-config.yaml',
        '--config',
        configFile,
      ],
      {
        cwd: backendFolder,
        env: {
          PATH: process.env.PATH,
          HOME: process.env.HOME,
          // The suite signs in with personas, which exist in development only.
          NODE_ENV: 'development',
          NODE_COMPILE_CACHE: join(
            dirname(this.folder),
            'portico-isolation-cache',
          ),
          ...this.#secrets,
          PORTICO_CHECKPOINT_DIRECTORY: join(this.folder, 'checkpoints'),
          PORTICO_GIT_DIRECTORY: this.gitDirectory,
          PORTICO_DOCS_DIRECTORY: this.docsDirectory,
        },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    this.#process = backend;
    const keep = (text: Buffer) => {
      this.#log += text;
    };
    backend.stdout?.on('data', keep);
    backend.stderr?.on('data', keep);
    const deadline = Date.now() + START_LIMIT_MILLISECONDS;
    for (;;) {
      if (backend.exitCode !== null || backend.signalCode !== null) {
        throw new Error(
          `The portal ended at its start; its log ends with:\n${this.#log.slice(
            -4000,
          )}`,
        );
      }
      const isReady = await fetch(
        `${this.url}/.backstage/health/v1/readiness`,
      ).then(
        answer => answer.ok,
        () => false,
      );
      if (isReady) {
        return;
      }
      if (Date.now() > deadline) {
        throw new Error(
          `The portal was not ready within ${
            START_LIMIT_MILLISECONDS / 1000
          } s; its log ends with:\n${this.#log.slice(-4000)}`,
        );
      }
      await delay(100);
    }
  }

  /** Tells the preloaded file something, and waits for its answer. */
  async tell(message: object): Promise<unknown> {
    const backend = this.#process;
    if (!backend?.connected) {
      throw new Error('The portal was started without a channel to talk to it');
    }
    return new Promise((done, reject) => {
      const onMessage = (answer: unknown) => {
        if (isAnswer(answer)) {
          backend.off('message', onMessage);
          done(answer.answer);
        }
      };
      backend.on('message', onMessage);
      backend.send(message, error => error && reject(error));
    });
  }

  async stop(): Promise<void> {
    const backend = this.#process;
    this.#process = undefined;
    if (!backend || backend.exitCode !== null || backend.signalCode !== null) {
      return;
    }
    const ended = new Promise(done => backend.once('exit', done));
    backend.kill('SIGTERM');
    const patience = setTimeout(() => backend.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(patience);
  }

  async destroy(): Promise<void> {
    await this.stop();
    await this.cluster.stop();
    await this.runtime.stop();
    await this.database.destroy();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function isAnswer(message: unknown): message is { answer: unknown } {
  return typeof message === 'object' && message !== null && 'answer' in message;
}

/** Without this, the suite would judge whatever answers there. */
async function checkPortIsFree(port: number): Promise<void> {
  const answers = await new Promise<boolean>(done => {
    const socket = connect({ host: 'localhost', port });
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
  if (answers) {
    throw new Error(
      `Port ${port} is in use: end the program that listens there, perhaps another run of this suite, or choose another with --port.`,
    );
  }
}
