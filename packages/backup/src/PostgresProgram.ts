import { ServiceUnavailableError } from '@backstage/errors';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Readable, type Writable } from 'node:stream';

const TAIL = 2_000;

/** `pg_dump` and `pg_restore` of a client that is as new as the server. */
export class PostgresProgram {
  readonly #name: string;
  readonly #path: string;

  /**
   * @param folder - where it lies; the PATH without it
   */
  constructor(name: 'pg_dump' | 'pg_restore', folder?: string) {
    this.#name = name;
    this.#path = folder ? join(folder, name) : name;
  }

  /**
   * @throws ServiceUnavailableError when it is missing or older than the server
   */
  async check(serverVersion: string): Promise<void> {
    const child = this.#spawn(['--version'], {});
    let text = '';
    child.stdout?.on('data', data => {
      text += data;
    });
    await this.#ended(child);
    const own = Number(/\) (\d+)/.exec(text)?.[1]);
    if (!(own >= Number.parseInt(serverVersion, 10))) {
      throw new ServiceUnavailableError(
        `${
          this.#name
        } is of version ${own} and the server of ${serverVersion}: install a PostgreSQL client that is as new as the server`,
      );
    }
  }

  /** Runs it; settles when it ended well and its output was read. */
  async run(options: {
    /** A connection string; the password does not reach the list of processes. */
    connection: string;
    args: readonly string[];
    input?: Readable;
    onOutput?: (output: Readable) => Promise<void>;
  }): Promise<void> {
    const { connection, args, input, onOutput } = options;
    const child = this.#spawn(args, connectionEnvironment(connection));
    const ended = this.#ended(child);
    try {
      await Promise.all([
        ended,
        onOutput && child.stdout ? onOutput(child.stdout) : undefined,
        input && child.stdin ? feed(input, child.stdin) : undefined,
      ]);
    } catch (error) {
      child.kill('SIGTERM');
      // what the program says is nearer to the reason than what its pipe says
      await ended;
      throw error;
    }
  }

  #spawn(args: readonly string[], environment: NodeJS.ProcessEnv) {
    return spawn(this.#path, args, {
      env: { ...process.env, ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }

  async #ended(child: ChildProcess): Promise<void> {
    let tail = '';
    child.stderr?.on('data', data => {
      tail = `${tail}${data}`.slice(-TAIL);
    });
    let code: number | null;
    let signal: string | null;
    try {
      [code, signal] = await once(child, 'close');
    } catch (error) {
      throw new ServiceUnavailableError(
        `${
          this.#name
        } cannot be run: install the PostgreSQL client, or name its folder in PORTICO_POSTGRES_PROGRAMS`,
        error,
      );
    }
    if (code !== 0) {
      throw new ServiceUnavailableError(
        `${this.#name} ended with ${signal ?? `code ${code}`}: ${tail.trim()}`,
      );
    }
  }
}

async function feed(input: Readable, stdin: Writable): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    input.once('error', reject);
    // a program that ended early says why by itself
    stdin.once('error', () => resolve());
    stdin.once('close', () => resolve());
    input.pipe(stdin);
  });
}

/** libpq's variables for a connection string; parameters of TLS come along. */
export function connectionEnvironment(connection: string): NodeJS.ProcessEnv {
  const url = new URL(connection);
  const parameter = (name: string) => url.searchParams.get(name) ?? undefined;
  const sslMode = parameter('sslmode') ?? process.env.PGSSLMODE;
  const environment: NodeJS.ProcessEnv = {
    PGHOST: decodeURIComponent(url.hostname),
    PGPORT: url.port || '5432',
    PGUSER: decodeURIComponent(url.username),
    PGPASSWORD: decodeURIComponent(url.password),
    PGDATABASE: decodeURIComponent(url.pathname.slice(1)),
    PGSSLMODE: sslMode,
    PGSSLROOTCERT:
      parameter('sslrootcert') ??
      process.env.PGSSLROOTCERT ??
      process.env.NODE_EXTRA_CA_CERTS ??
      (sslMode === 'verify-full' ? 'system' : undefined),
    PGCONNECT_TIMEOUT: '10',
    PGAPPNAME: 'portico backup',
  };
  return Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined),
  );
}
