import { type ChildProcess, spawn } from 'child_process';
import { once } from 'events';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { Client } from 'pg';
import { nodeTransform } from './paths';
import { PostgresServer, type PostgresServerOptions } from './PostgresServer';

// Real servers are made and stopped here.
jest.setTimeout(60_000);

describe('the embedded PostgreSQL', () => {
  let folder: string;
  let options: PostgresServerOptions;
  let server: PostgresServer | undefined;
  let launcher: ChildProcess | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portico-postgres-'));
    options = {
      directory: join(folder, 'postgres'),
      password: 'a-password-for-tests',
      logFile: join(folder, 'postgres.log'),
      durable: false,
    };
  });
  afterEach(async () => {
    launcher?.kill('SIGKILL');
    launcher = undefined;
    await server?.stop();
    server = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  async function query(sql: string): Promise<unknown[]> {
    const client = new Client({ connectionString: server?.adminConnection });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async function readPid(): Promise<number> {
    const text = await readFile(
      join(options.directory, 'postmaster.pid'),
      'utf8',
    );
    return Number(text.split('\n')[0]);
  }

  /** A launcher of its own process, as the one that is killed. */
  async function startElsewhere(): Promise<ChildProcess> {
    const code = `
      const { PostgresServer } = require(${JSON.stringify(
        require.resolve('./PostgresServer'),
      )});
      PostgresServer.start(${JSON.stringify(
        options,
      )}).then(() => process.send('started'));
      setInterval(() => {}, 1000);
    `;
    const child = spawn(
      process.execPath,
      ['--require', nodeTransform, '-e', code],
      {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      },
    );
    await new Promise<void>((resolve, reject) => {
      child.once('close', () => reject(new Error('the launcher ended')));
      child.on('message', message => {
        // the transform of TypeScript sends messages, too
        if (message === 'started') resolve();
      });
    });
    return child;
  }

  it('keeps what was committed when it is killed, and starts again', async () => {
    options.durable = true;
    server = await PostgresServer.start(options);
    await query('create table kept (text text)');
    await query(`insert into kept values ('committed')`);
    process.kill(await readPid(), 'SIGKILL');
    await server.exited;

    server = await PostgresServer.start(options);
    await expect(query('select * from kept')).resolves.toEqual([
      { text: 'committed' },
    ]);
    await expect(
      query(`select current_setting('server_version_num')::int / 10000 as major,
        current_setting('listen_addresses') as addresses,
        (select datcollate from pg_database where datname = 'postgres') as collation`),
    ).resolves.toEqual([{ major: 18, addresses: '127.0.0.1', collation: 'C' }]);
  });

  it('stops by itself when its launcher is killed, and the folder is usable', async () => {
    launcher = await startElsewhere();
    const pid = await readPid();
    launcher.kill('SIGKILL');
    await once(launcher, 'exit');
    // Whether the old one has ended by now or not, there is one server afterwards.
    server = await PostgresServer.start(options);
    await expect(query('select 1 as one')).resolves.toEqual([{ one: 1 }]);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('takes over a folder whose server still runs', async () => {
    launcher = await startElsewhere();
    const pid = await readPid();
    server = await PostgresServer.start(options);
    await expect(query('select 1 as one')).resolves.toEqual([{ one: 1 }]);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('says that a half-initialised folder is incomplete, and leaves it alone', async () => {
    await mkdir(join(options.directory, 'base'), { recursive: true });
    await expect(PostgresServer.start(options)).rejects.toThrow(
      `The database folder ${options.directory} is incomplete`,
    );
    await expect(readdir(options.directory)).resolves.toEqual(['base']);
  });

  it('removes what a start left that was killed while it made the folder', async () => {
    await mkdir(`${options.directory}.new-1`, { recursive: true });
    server = await PostgresServer.start(options);
    await expect(readdir(folder)).resolves.toEqual([
      'postgres',
      'postgres.log',
    ]);
  });

  it('says which file is wrong when the password does not fit', async () => {
    server = await PostgresServer.start(options);
    await server.stop();
    await expect(
      PostgresServer.start({ ...options, password: 'another-password' }),
    ).rejects.toThrow('has another password than the file secrets.json');
  });
});
