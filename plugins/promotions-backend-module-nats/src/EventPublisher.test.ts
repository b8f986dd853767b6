import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { type PorticoDatabase } from '@portico/database';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { promotionsMigrations } from '@portico/plugin-promotions-backend';
import { type DeliveryEvent } from '@portico/plugin-promotions-common';
import { tenancyMigrations } from '@portico/plugin-tenancy-backend';
import Ajv from 'ajv';
import { Client } from 'pg';
import { EventPublisher } from './EventPublisher';
import { EventTable } from './EventTable';

const program = findProgram();
const schemaFile = resolve(
  // eslint-disable-next-line no-restricted-syntax -- a folder beside the repository
  __dirname,
  '../../../../shared/fixtures/cloudevents/cloudevents.schema.json',
);
const withServer = program ? describe : describe.skip;
const withSchema = existsSync(schemaFile) ? it : it.skip;

withServer('events in a real nats-server (skipped without one on PATH)', () => {
  jest.setTimeout(60_000);
  let folder: string;
  let server: ChildProcess | undefined;
  let port: number;
  let testDatabase: TestDatabase;
  let database: PorticoDatabase;
  let reader: NatsConnection;

  const startServer = async () => {
    const started = spawn(
      program ?? '',
      ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    server = started;
    const { stderr } = started;
    if (!stderr) {
      throw new Error('The server says nothing');
    }
    let said = '';
    for await (const chunk of stderr) {
      said += chunk;
      if (said.includes('Server is ready')) {
        break;
      }
    }
    // What it says later must not fill the pipe, nor end with it.
    stderr.on('error', () => {}).resume();
  };
  const stopServer = async () => {
    const running = server;
    server = undefined;
    if (running) {
      running.kill('SIGKILL');
      await once(running, 'exit');
    }
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portico-nats-'));
    port = await freePort();
    testDatabase = await TestDatabase.create({
      migrations: [auditMigrations, tenancyMigrations, promotionsMigrations],
    });
    database = testDatabase.database;
    await sql(
      testDatabase,
      `insert into portico_tenancy.tenants (tenant, title)
         values ('aurora', 'Aurora'), ('borealis', 'Borealis')`,
    );
    await startServer();
    reader = await connect({ servers: `nats://127.0.0.1:${port}` });
  });
  afterAll(async () => {
    await reader?.close();
    await stopServer();
    await testDatabase?.destroy();
    await rm(folder, { recursive: true, force: true });
  });

  const publisher = () =>
    new EventPublisher({
      table: new EventTable(database),
      config: {
        servers: [`nats://127.0.0.1:${port}`],
        stream: 'PORTICO',
        subjectPrefix: 'portico',
      },
      logger: mockServices.logger.mock(),
    });
  const write = (tenant: string, ...events: DeliveryEvent[]) =>
    database.inTenant(tenant, transaction =>
      transaction('portico_promotions.events').insert(
        events.map(event => ({
          tenant,
          at: new Date(),
          event: JSON.stringify(event),
        })),
      ),
    );
  const promotion = (number: number): DeliveryEvent => ({
    type: 'promotion',
    id: `0191d2a0-0000-7000-8000-${String(number).padStart(12, '0')}`,
    component: 'component:aurora/checkout',
    environment: 'prod',
    phase: 'waiting',
    revision: number,
  });
  /** Everything that the stream has, once it has so many. */
  const untilStream = async (count: number) => {
    const manager = await jetstreamManager(reader);
    for (;;) {
      const info = await manager.streams.info('PORTICO').catch(() => undefined);
      if (info && info.state.messages >= count) {
        break;
      }
      await new Promise(resolved => setTimeout(resolved, 50));
    }
    const consumer = await jetstream(reader).consumers.get('PORTICO');
    const found: Array<{ subject: string; event: Record<string, unknown> }> =
      [];
    for await (const message of await consumer.fetch({
      max_messages: 1_000,
      expires: 1_000,
    })) {
      found.push({ subject: message.subject, event: message.json() });
    }
    return found;
  };

  it('writes each change once, in order, from two replicas and after a kill', async () => {
    await write('aurora', promotion(1), promotion(2));
    const replicas = [publisher(), publisher()];
    replicas.forEach(one => one.start());
    await untilStream(2);
    await write('borealis', { type: 'release' });
    await untilStream(3);
    await Promise.all(replicas.map(one => one.stop()));

    // Nobody publishes now; the next one begins where the stream ends.
    await write('aurora', promotion(3));
    const next = publisher();
    next.start();
    await write('aurora', promotion(4));
    const found = await untilStream(5);
    await next.stop();
    expect(found.map(({ subject }) => subject)).toEqual([
      'portico.aurora.promotion.waiting',
      'portico.aurora.promotion.waiting',
      'portico.borealis.release',
      'portico.aurora.promotion.waiting',
      'portico.aurora.promotion.waiting',
    ]);
    expect(
      found.map(({ event }) => (event.data as { revision?: number }).revision),
    ).toEqual([1, 2, undefined, 3, 4]);
    expect(found[0]?.event).toMatchObject({
      source: '/portico/tenants/aurora',
      type: 'portico.promotion.waiting',
    });
  });

  withSchema('writes what the schema of CloudEvents accepts', async () => {
    const schema = JSON.parse(readFileSync(schemaFile, 'utf8'));
    const valid = new Ajv({ strict: false, validateFormats: false }).compile(
      schema,
    );
    const problems = (await untilStream(5)).flatMap(({ event }) =>
      valid(event) ? [] : valid.errors ?? [],
    );
    // eslint-disable-next-line jest/no-standalone-expect -- `withSchema` is `it`
    expect(problems).toEqual([]);
  });

  it('goes on when the server comes back', async () => {
    const one = publisher();
    one.start();
    await stopServer();
    await write('aurora', promotion(5));
    await startServer();
    await reader.close();
    reader = await connect({ servers: `nats://127.0.0.1:${port}` });
    const found = await untilStream(6);
    await one.stop();
    expect(found).toHaveLength(6);
  });
});

function findProgram(): string | undefined {
  try {
    return execFileSync('sh', ['-c', 'command -v nats-server'], {
      encoding: 'utf8',
    }).trim();
  } catch {
    return undefined;
  }
}

/** As the database's owner. */
async function sql(testDatabase: TestDatabase, text: string): Promise<void> {
  const client = new Client({
    connectionString: testDatabase.adminConnectionString,
  });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (typeof address !== 'object' || address === null) {
    throw new Error('There is no port');
  }
  return address.port;
}
