import { type JsonObject } from '@backstage/types';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { tenancyMigrations } from '@portico/plugin-tenancy-backend';
import { wallsMigrations } from '@portico/walls';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

jest.setTimeout(180_000);

const packageFolder = resolve(__dirname, '..');

/** What differs from `app-config.yaml` while a test runs. */
function configOfTest(port: number, database: JsonObject): JsonObject {
  const url = `http://localhost:${port}`;
  const { backend, ...others } = database;
  return {
    ...others,
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

describe('the backend as shipped', () => {
  let url: string;
  let log = '';
  const cleanUps: Array<() => Promise<void>> = [];

  beforeAll(async () => {
    const testDatabase = await TestDatabase.create({
      migrations: [auditMigrations, tenancyMigrations, wallsMigrations],
    });
    cleanUps.unshift(() => testDatabase.destroy());
    const directory = await mkdtemp(join(tmpdir(), 'portico-portal-'));
    cleanUps.unshift(() => rm(directory, { recursive: true, force: true }));
    const port = await freePort();
    url = `http://localhost:${port}`;
    const configFile = join(directory, 'app-config.json');
    await writeFile(
      configFile,
      JSON.stringify(configOfTest(port, testDatabase.config)),
    );
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
          PORTICO_SEALING_KEY: 'a-sealing-key-for-the-test',
          PORTICO_AUDIT_KEY: randomBytes(32).toString('base64'),
          PORTICO_CHECKPOINT_DIRECTORY: join(directory, 'checkpoints'),
          PORTICO_GIT_DIRECTORY: join(directory, 'git'),
          PORTICO_DOCS_DIRECTORY: join(directory, 'docs'),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    cleanUps.unshift(() => stop(backend));
    const keep = (text: Buffer) => {
      log += text;
    };
    backend.stdout.on('data', keep);
    backend.stderr.on('data', keep);
    await until(async () => {
      if (backend.exitCode !== null) {
        throw new Error(`The backend ended: ${log}`);
      }
      return fetch(`${url}/.backstage/health/v1/readiness`).then(
        answer => answer.ok || undefined,
        () => undefined,
      );
    });
  });
  afterAll(async () => {
    for (const cleanUp of cleanUps) {
      await cleanUp();
    }
  });

  async function stop(backend: ChildProcess) {
    const ended = new Promise(done => backend.once('exit', done));
    if (backend.exitCode === null && backend.kill('SIGTERM')) {
      await ended;
    }
  }

  async function signIn(userRef: string) {
    const answer = await fetch(`${url}/api/auth/persona/refresh`, {
      headers: { 'x-portico-persona': userRef },
    });
    expect(answer.status).toBe(200);
    const { backstageIdentity } = await answer.json();
    return (method: string, path: string, body?: object) =>
      fetch(`${url}/api${path}`, {
        method,
        headers: {
          authorization: `Bearer ${backstageIdentity.token}`,
          'content-type': 'application/json',
        },
        body: body && JSON.stringify(body),
      });
  }

  /** Asks again until the answer is right; fails when that takes a minute. */
  async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const answer = await ask();
      if (answer !== undefined) {
        return answer;
      }
      if (Date.now() > deadline) {
        throw new Error('It did not happen within a minute');
      }
      await new Promise(done => setTimeout(done, 100));
    }
  }

  it('starts without an error and with a row for every route', () => {
    expect(log).toContain('Plugin initialization complete');
    expect(log).not.toContain('missing in the route table');
    // the level as the log of a terminal colours it
    expect(log).not.toContain('[31merror');
  });

  it('makes a service that only its own tenant can find', async () => {
    const pat = await signIn('user:default/pat');
    for (const tenant of ['aurora', 'borealis']) {
      const person = `user:${tenant}/kim`;
      const answers = [
        await pat('POST', '/tenancy/tenants', { id: tenant, title: tenant }),
        await pat('PUT', `/tenancy/tenants/${tenant}/groups/shop`, {
          displayName: 'Shop',
        }),
        await pat('PUT', `/tenancy/tenants/${tenant}/members/kim`, {
          displayName: 'Kim',
          roles: ['developer'],
          groups: ['shop'],
          identity: { issuer: 'urn:portico:persona', subject: person },
        }),
      ];
      expect(answers.map(answer => answer.status)).toEqual([201, 200, 201]);
    }
    const kim = await signIn('user:aurora/kim');
    const stranger = await signIn('user:borealis/kim');
    const template = '/template/default/typescript-service';
    await until(async () =>
      (
        await kim('GET', `/catalog/entities/by-name${template}`)
      ).ok
        ? true
        : undefined,
    );

    const created = await kim('POST', '/scaffolder/v2/tasks', {
      templateRef: 'template:default/typescript-service',
      values: {
        name: 'checkout',
        description: 'Takes the money',
        owner: 'group:aurora/shop',
        size: 'S',
        exposure: 'internal',
        example: 'orders',
      },
    });
    expect(created.status).toBe(201);
    const { id } = await created.json();
    const task = await until(async () => {
      const state = await (
        await kim('GET', `/scaffolder/v2/tasks/${id}`)
      ).json();
      return ['completed', 'failed'].includes(state.status) ? state : undefined;
    });
    expect(task.status).toBe('completed');

    const entityPath = '/catalog/entities/by-name/component/aurora/checkout';
    const entity = await (await kim('GET', entityPath)).json();
    expect(entity.spec.owner).toBe('group:aurora/shop');
    expect(entity.metadata.annotations).toMatchObject({
      'backstage.io/managed-by-origin-location': 'portico:aurora/checkout',
      'backstage.io/techdocs-ref': 'dir:.',
      'backstage.io/source-location': `url:${url}/api/git-host/aurora/checkout/src/branch/main/`,
    });
    expect(entity.relations).toContainEqual({
      type: 'providesApi',
      targetRef: 'api:aurora/checkout-api',
    });

    const guesses = [
      entityPath,
      `/scaffolder/v2/tasks/${id}`,
      '/git-host/repositories/aurora/checkout',
      '/tenancy/tenants/aurora/sources',
      '/techdocs/metadata/entity/aurora/component/checkout',
    ];
    for (const guess of guesses) {
      expect([guess, (await kim('GET', guess)).status]).not.toEqual([
        guess,
        404,
      ]);
      expect([guess, (await stranger('GET', guess)).status]).toEqual([
        guess,
        404,
      ]);
    }
    const all = await (
      await stranger('GET', '/catalog/entities/by-query?limit=100')
    ).text();
    expect(all).not.toContain('aurora');
  });
});
