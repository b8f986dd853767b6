import { type JsonObject } from '@backstage/types';
import { TestDatabase } from '@portico/database/testUtils';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { portalMigrations } from '../portalMigrations';

const packageFolder = resolve(__dirname, '../..');

/** Somebody who is signed in. */
export interface SignedIn {
  token: string;
  /** A request below `/api` with the token. */
  ask(method: string, path: string, body?: object): Promise<Response>;
}

/** The backend as shipped, in a process and with a database of its own. */
export class ShippedPortal {
  static async start(
    options: {
      audit?: JsonObject;
      auth?: JsonObject;
      bindings?: JsonObject;
      /** Keys of another portal, whose data this one gets. */
      secrets?: ShippedPortal['secrets'];
      /** Runs before the backend starts. */
      prepare?: (portal: ShippedPortal) => Promise<void>;
    } = {},
  ): Promise<ShippedPortal> {
    const testDatabase = await TestDatabase.create({
      migrations: portalMigrations,
    });
    const directory = await mkdtemp(join(tmpdir(), 'portico-portal-'));
    const port = await freePort();
    const portal = new ShippedPortal(
      `http://localhost:${port}`,
      testDatabase,
      directory,
      options.secrets,
    );
    const { audit, auth, bindings } = options;
    const config = configOfTest(port, testDatabase.config, {
      ...(audit && { audit }),
      ...(auth && { auth }),
      ...(bindings && { bindings }),
    });
    try {
      await options.prepare?.(portal);
      await portal.#start(config);
    } catch (error) {
      await portal.stop();
      throw error;
    }
    return portal;
  }

  /** What the configuration holds that must never be seen. */
  readonly secrets: { sealingKey: string; auditKey: string };
  #log = '';
  #backend: ChildProcess | undefined;

  private constructor(
    readonly url: string,
    readonly testDatabase: TestDatabase,
    readonly directory: string,
    secrets?: ShippedPortal['secrets'],
  ) {
    this.secrets = secrets ?? {
      sealingKey: 'a-sealing-key-for-the-test',
      auditKey: randomBytes(32).toString('base64'),
    };
  }

  /** All that the backend has written so far. */
  get log(): string {
    return this.#log;
  }

  async stop(): Promise<void> {
    const backend = this.#backend;
    if (backend) {
      const ended = new Promise(done => backend.once('exit', done));
      if (backend.exitCode === null && backend.kill('SIGTERM')) {
        await ended;
      }
    }
    await rm(this.directory, { recursive: true, force: true });
    await this.testDatabase.destroy();
  }

  /** Signs a persona in. */
  async signIn(userRef: string): Promise<SignedIn> {
    const answer = await fetch(`${this.url}/api/auth/persona/refresh`, {
      headers: { 'x-portico-persona': userRef },
    });
    if (answer.status !== 200) {
      throw new Error(`${userRef} could not sign in: ${await answer.text()}`);
    }
    const { backstageIdentity } = await answer.json();
    return this.as(backstageIdentity.token);
  }

  /** Requests with a token. */
  as(token: string): SignedIn {
    return {
      token,
      ask: (method, path, body) =>
        fetch(`${this.url}/api${path}`, {
          method,
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
          },
          body: body && JSON.stringify(body),
        }),
    };
  }

  async #start(config: JsonObject): Promise<void> {
    const configFile = join(this.directory, 'app-config.json');
    await writeFile(configFile, JSON.stringify(config));
    const backend = spawn(
      process.execPath,
      [
        '--require',
        '@backstage/cli/config/nodeTransform.cjs',
        'src/index.ts',
        '--config',
        '../../app-config.yaml',
        '--config',
        configFile,
      ],
      {
        cwd: packageFolder,
        env: {
          PATH: process.env.PATH,
          NODE_ENV: 'development',
          PORTICO_SEALING_KEY: this.secrets.sealingKey,
          PORTICO_AUDIT_KEY: this.secrets.auditKey,
          PORTICO_CHECKPOINT_DIRECTORY: join(this.directory, 'checkpoints'),
          PORTICO_GIT_DIRECTORY: join(this.directory, 'git'),
          PORTICO_DOCS_DIRECTORY: join(this.directory, 'docs'),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.#backend = backend;
    const keep = (text: Buffer) => {
      this.#log += text;
    };
    backend.stdout.on('data', keep);
    backend.stderr.on('data', keep);
    await until(async () => {
      if (backend.exitCode !== null) {
        throw new Error(`The backend ended: ${this.#log}`);
      }
      return fetch(`${this.url}/.backstage/health/v1/readiness`).then(
        answer => answer.ok || undefined,
        () => undefined,
      );
    });
  }
}

/** Asks again until there is an answer; fails when that takes two minutes. */
export async function until<T>(
  ask: () => Promise<T | undefined>,
  what = 'It',
): Promise<T> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) {
      return answer;
    }
    if (Date.now() > deadline) {
      throw new Error(`${what} did not happen within two minutes`);
    }
    await new Promise(done => setTimeout(done, 100));
  }
}

/** What differs from `app-config.yaml` while a test runs. */
function configOfTest(
  port: number,
  database: JsonObject,
  options: { audit?: JsonObject; auth?: JsonObject; bindings?: JsonObject },
): JsonObject {
  const url = `http://localhost:${port}`;
  const { backend, ...others } = database;
  return {
    ...others,
    ...options,
    // a package without a built app, so that the test needs no build
    app: { baseUrl: url, packageName: 'backend' },
    backend: {
      ...(backend as JsonObject),
      baseUrl: url,
      listen: { host: '127.0.0.1', port },
    },
    integrations: {
      gitea: [{ host: `localhost:${port}`, baseUrl: `${url}/api/git-host` }],
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise(done => server.close(done));
  if (address === null || typeof address === 'string') {
    throw new Error('The system gave no port');
  }
  return address.port;
}
