import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { ConfigReader } from '@backstage/config';
import { enqueue, readPorticoJobsConnection } from '@portico/database';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import {
  type OperationCheck,
  type OperationFinding,
} from '@portico/plugin-operation-node';
import { Client } from 'pg';
import { OperationReporter } from '../OperationReporter';
import { createAddressChecks } from './createAddressChecks';
import { createDatabaseChecks } from './databaseChecks';
import { createIdentityProviderCheck } from './identityProviderCheck';
import { JobQueue } from './JobQueue';

jest.setTimeout(60_000);

const signal = () => AbortSignal.timeout(10_000);

describe('the checks of the database', () => {
  let testDatabase: TestDatabase;
  let admin: Client;
  let now: Date;
  let found: (name: string) => Promise<OperationFinding>;

  beforeAll(async () => {
    testDatabase = await TestDatabase.create({
      pluginIds: [],
      migrations: [{ ...auditMigrations, tasks: ['audit.test'] }],
    });
    admin = new Client(testDatabase.adminConnectionString);
    await admin.connect();
    found = name => look(name, [auditMigrations]);
  });
  beforeEach(() => {
    now = new Date();
  });
  afterAll(async () => {
    await admin?.end();
    await testDatabase?.destroy();
  });

  async function look(
    name: string,
    migrations: readonly (typeof auditMigrations)[],
  ): Promise<OperationFinding> {
    const { checks } = await new OperationReporter({
      checks: {
        list: () =>
          createDatabaseChecks({
            database: testDatabase.database,
            migrations,
            now: () => now,
          }),
      },
      version: '1',
    }).report();
    const check = checks.find(one => one.name === name);
    if (!check) {
      throw new Error(`There is no check ${name}`);
    }
    return check;
  }

  it('find all well', async () => {
    for (const name of ['database', 'database migrations', 'database login']) {
      expect(await found(name)).toMatchObject({ name, status: 'ok' });
    }
    expect((await found('database')).found).toMatch(/^PostgreSQL \d\d, /);
  });

  it('tell a clock that is wrong', async () => {
    expect((await found('database clock')).status).toBe('ok');
    now = new Date(Date.now() + 15_000);
    expect((await found('database clock')).status).toBe('warning');
    now = new Date(Date.now() - 120_000);
    expect(await found('database clock')).toMatchObject({
      status: 'failed',
      found: expect.stringMatching(/^1\d\d\.\d s apart/),
    });
  });

  it('tell migrations that were not run', async () => {
    const missing = { ...auditMigrations, schema: 'portico_later' };
    expect(
      await look('database migrations', [auditMigrations, missing]),
    ).toMatchObject({
      status: 'failed',
      found: 'Migrations are missing in portico_later',
    });
  });

  it('tell a table without forced row security, and a login that may too much', async () => {
    await admin.query(
      'alter table portico_audit.tree_nodes no force row level security',
    );
    expect(await found('database login')).toMatchObject({
      status: 'failed',
      found: expect.stringContaining('portico_audit.tree_nodes'),
    });
    await admin.query(
      'alter table portico_audit.tree_nodes force row level security',
    );
    expect((await found('database login')).status).toBe('ok');
    await admin.query(
      'alter table portico_audit.tree_nodes owner to portico_app',
    );
    expect((await found('database login')).found).toContain('owns 1 tables');
  });

  it('tell jobs that wait, and count them for Prometheus', async () => {
    const queue = new JobQueue(
      readPorticoJobsConnection(new ConfigReader(testDatabase.config)),
    );
    try {
      expect((await queue.look()).status).toBe('ok');
      await testDatabase.database.inTenant('aurora', transaction =>
        enqueue(transaction, 'audit.test', { note: 'secret-of-aurora' }),
      );
      await admin.query(
        `update graphile_worker._private_jobs set run_at = now() - interval '10 minutes'`,
      );
      const finding = await queue.look();
      expect(finding).toMatchObject({
        status: 'failed',
        found: expect.stringMatching(/^1 jobs wait, the oldest for 60\d s/),
      });
      expect(JSON.stringify(finding)).not.toContain('aurora');
      const figures = await queue.readFigures();
      expect(figures.map(({ name }) => name).sort()).toEqual(
        Object.keys(JobQueue.figures).sort(),
      );
      expect(figures[0]).toEqual({ name: 'portico.jobs.waiting', value: 1 });
      await admin.query(
        'update graphile_worker._private_jobs set attempts = max_attempts',
      );
      expect(await queue.look()).toMatchObject({
        status: 'warning',
        found: '0 jobs wait, the oldest for 0 s; 1 were given up',
      });
    } finally {
      await queue.close();
    }
  });
});

describe('the checks of other systems', () => {
  let server: Server;
  let answer: RequestListener;
  let url: string;

  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const provider = () =>
    createIdentityProviderCheck({
      config: new ConfigReader({
        auth: {
          environment: 'production',
          providers: {
            oidc: { production: { metadataUrl: `${url}/description` } },
          },
        },
      }),
      now: () => new Date(),
    });
  const description = () => ({
    issuer: 'https://id.example.com',
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    jwks_uri: `${url}/keys`,
  });

  it('find an identity provider that answers, breaks down, or is none', async () => {
    answer = (request, response) =>
      response.end(
        JSON.stringify(request.url === '/description' ? description() : {}),
      );
    expect(await provider().look(signal())).toEqual({
      status: 'ok',
      found: 'https://id.example.com answers, and gives its keys',
    });
    answer = (request, response) =>
      request.url === '/description'
        ? response.end(JSON.stringify(description()))
        : response.writeHead(500).end();
    expect(await provider().look(signal())).toMatchObject({
      status: 'failed',
      found: 'Its keys are HTTP 500',
    });
    answer = (_request, response) => response.end('<html></html>');
    expect((await provider().look(signal())).status).toBe('failed');
    answer = (_request, response) =>
      response
        .writeHead(200, {
          date: new Date(Date.now() - 3_600_000).toUTCString(),
        })
        .end(JSON.stringify(description()));
    expect((await provider().look(signal())).status).toBe('warning');
    const none = createIdentityProviderCheck({
      config: new ConfigReader({}),
      now: () => new Date(),
    });
    expect((await none.look(signal())).status).toBe('warning');
  });

  it('find systems that do not answer, by name and without their tokens', async () => {
    const asked: Array<string | undefined> = [];
    answer = (request, response) => {
      asked.push(request.url);
      expect(request.headers.authorization).toBeUndefined();
      response.writeHead(401).end();
    };
    const checks = (systems: object[]) =>
      createAddressChecks(
        new ConfigReader({
          app: { baseUrl: 'https://portal.example.com' },
          integrations: {
            gitea: [
              {
                host: 'portal.example.com',
                baseUrl: 'https://portal.example.com/api/git-host',
              },
              { host: 'git.example.com', baseUrl: url },
            ],
          },
          bindings: { systems },
        }),
      );
    const system = { name: 'argo', kind: 'argocd', url, readToken: 'secret' };
    const [hosts, systems] = checks([system]) as [
      OperationCheck,
      OperationCheck,
    ];
    const well = { status: 'ok', found: '1 configured, all answer' };
    expect(await hosts.look(signal())).toEqual(well);
    expect(await systems.look(signal())).toEqual(well);
    expect(asked).toEqual(['/', '/api/version']);

    const [, silent] = checks([
      system,
      { ...system, name: 'gone', url: 'http://127.0.0.1:1' },
    ]) as [OperationCheck, OperationCheck];
    const finding = await silent.look(signal());
    expect(finding).toMatchObject({
      status: 'failed',
      found: '1 of 2 do not answer: gone (ECONNREFUSED)',
    });
    expect(JSON.stringify(finding)).not.toContain('secret');
  });
});

describe('the report', () => {
  it('waits for no check longer than it may, and tells what a check throws', async () => {
    let asked = 0;
    let now = new Date('2026-01-01T00:00:00Z');
    const reporter = new OperationReporter({
      version: '1.2.3',
      now: () => now,
      limitMilliseconds: 50,
      checks: {
        list: () => [
          { name: 'silent', look: () => new Promise(() => {}) },
          {
            name: 'broken',
            look: async () => {
              asked += 1;
              throw new Error('The door is locked');
            },
          },
          { name: 'well', look: async () => ({ status: 'ok', found: 'Yes' }) },
        ],
      },
    });
    const report = await reporter.report();
    expect(report).toMatchObject({ version: '1.2.3', at: now.toISOString() });
    expect(report.checks).toMatchObject([
      {
        name: 'silent',
        status: 'failed',
        found: 'It did not answer within 0.05 seconds',
      },
      { name: 'broken', status: 'failed', found: 'The door is locked' },
      { name: 'well', status: 'ok', found: 'Yes' },
    ]);
    expect(await reporter.report()).toBe(report);
    now = new Date(now.getTime() + 6_000);
    await reporter.report();
    expect(asked).toBe(2);
  });
});
