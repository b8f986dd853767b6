import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { Router } from 'express';
import { TestDatabase } from '@portico/database/testUtils';
import { type PorticoDatabase } from '@portico/database';
import { ConfigReader } from '@backstage/config';
import { TestPortal } from '../__testUtils__/TestPortal';
import { wallsMigrations } from '../migrations';
import { porticoRoutes } from '../routes/porticoRoutes';
import { RouteTable } from '../routes/RouteTable';
import { readRequestLimits } from './readRequestLimits';
import { RequestCounters } from './RequestCounters';
import { TooManyRequestsError } from './TooManyRequestsError';

jest.setTimeout(120_000);

/** A length of windows of which none ends during the test, wherever the clock stands. */
const seconds = Math.max(
  ...[3_600, 3_500].filter(
    length => length - ((Date.now() / 1_000) % length) > 300,
  ),
);

describe('the limits of requests', () => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await TestPortal.start({
      table: porticoRoutes,
      config: {
        walls: {
          limits: {
            user: { requests: 5, seconds },
            tenant: { requests: 8, seconds },
            address: { requests: 12, seconds },
          },
        },
      },
    });
  });
  afterAll(() => portal?.stop());

  async function ask(token: string, times: number) {
    const answers = [];
    for (let time = 0; time < times; time++) {
      answers.push(await portal.as(token).get('/api/tenancy/me'));
    }
    return answers;
  }

  it('refuse a person, then the tenant, with the time to wait, and nobody else', async () => {
    const [kim, vera, bob] = [
      await portal.signIn('user:aurora/kim'),
      await portal.signIn('user:aurora/vera'),
      await portal.signIn('user:borealis/bob'),
    ];
    const first = await ask(kim, 7);
    expect(first.map(({ status }) => status)).toEqual([
      200, 200, 200, 200, 200, 429, 429,
    ]);
    expect(first[6].body.error).toMatchObject({
      name: 'TooManyRequestsError',
      message: 'Too many requests of this user: wait until the window ends',
    });
    expect(Number(first[6].headers['retry-after'])).toBeGreaterThan(100);

    // three of the tenant's eight are left, and what was refused did not count
    const second = await ask(vera, 5);
    expect(second.map(({ status }) => status)).toEqual([
      200, 200, 200, 429, 429,
    ]);
    expect(second[4].body.error.message).toContain('of this tenant');

    const other = await ask(bob, 5);
    expect(other.map(({ status }) => status)).toEqual([
      200, 200, 200, 200, 200,
    ]);
  });

  it('refuse an address that tries wrong tokens', async () => {
    const answers = [];
    for (let time = 0; time < 13; time++) {
      answers.push(await portal.as('wrong').get('/api/tenancy/me'));
    }
    expect(answers[0].status).toBe(401);
    expect(answers[12].status).toBe(429);
  });
});

describe('turns', () => {
  let portal: TestPortal;
  const held: Array<() => void> = [];
  let tellBothAreHeld: () => void;
  const bothAreHeld = new Promise<void>(resolve => {
    tellBothAreHeld = resolve;
  });
  /** A route that answers when the test lets it. */
  const slowModule = createBackendModule({
    pluginId: 'tenancy',
    moduleId: 'slow',
    register(env) {
      env.registerInit({
        deps: { http: coreServices.httpRouter },
        async init({ http }) {
          const router = Router();
          router.get('/slow', (_request, response) => {
            held.push(() => response.json('done'));
            if (held.length === 2) {
              tellBothAreHeld();
            }
          });
          http.use(router);
        },
      });
    },
  });
  const table = new RouteTable({
    plugins: [
      {
        pluginId: 'tenancy',
        routes: [
          { method: 'GET', path: '/me', who: ['user'] },
          { method: 'GET', path: '/slow', who: ['user'] },
        ],
      },
      {
        pluginId: 'auth',
        routes: [
          { method: 'GET', path: '/.well-known/jwks.json', who: ['public'] },
          {
            method: 'GET',
            path: '/persona/refresh',
            who: ['public'],
            records: ['tenancy.session.start'],
          },
        ],
      },
    ],
    everyPlugin: [
      {
        method: 'GET',
        path: '/.backstage/auth/v1/jwks.json',
        who: ['public'],
      },
    ],
    index: [],
  });
  beforeAll(async () => {
    portal = await TestPortal.start({
      table,
      features: [slowModule],
      config: { walls: { limits: { atOnce: 2 } } },
    });
  });
  afterAll(() => portal?.stop());

  it('hold back what a tenant asks for besides, and nobody else', async () => {
    const kim = await portal.signIn('user:aurora/kim');
    const vera = await portal.signIn('user:aurora/vera');
    const bob = await portal.signIn('user:borealis/bob');
    const slow = [1, 2].map(() =>
      portal.as(kim).get('/api/tenancy/slow').then(),
    );
    await Promise.race([bothAreHeld, ...slow]);
    expect(held).toHaveLength(2);
    let answered = false;
    const waits = portal
      .as(vera)
      .get('/api/tenancy/me')
      .then(answer => {
        answered = true;
        return answer;
      });
    expect((await portal.as(bob).get('/api/tenancy/me')).status).toBe(200);
    expect(answered).toBe(false);
    held.pop()?.();
    expect((await waits).status).toBe(200);
    held.pop()?.();
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([
      200, 200,
    ]);
  });
});

describe('two replicas', () => {
  let testDatabase: TestDatabase;
  const warn = jest.fn();
  let time = Date.UTC(2026, 10, 21);
  const limits = readRequestLimits(
    new ConfigReader({
      walls: { limits: { user: { requests: '10', seconds: 60 } } },
    }),
  );
  const replica = (
    database: Pick<
      PorticoDatabase,
      'statementAsPlatform'
    > = testDatabase.database,
  ) =>
    new RequestCounters({
      database,
      limits,
      logger: { warn },
      now: () => time,
    });
  /** How many of so many requests are answered. */
  const answered = (counters: RequestCounters, times: number) => {
    let count = 0;
    for (let request = 0; request < times; request++) {
      try {
        counters.count('user', 'user:aurora/kim');
        count += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(TooManyRequestsError);
      }
    }
    return count;
  };
  beforeAll(async () => {
    testDatabase = await TestDatabase.create({ migrations: [wallsMigrations] });
  });
  afterAll(() => testDatabase?.destroy());
  beforeEach(() => {
    // a window of its own for each test
    time += 600_000;
    warn.mockClear();
  });

  it('count together, and anew in the next window', async () => {
    const [first, second] = [replica(), replica()];
    expect(answered(first, 6)).toBe(6);
    await first.flush();
    expect(answered(second, 1)).toBe(1);
    await second.flush();
    expect(answered(second, 9)).toBe(3);
    await second.flush();
    // It has not heard of the others yet, and does after one of its own.
    expect(answered(first, 1)).toBe(1);
    await first.flush();
    expect(answered(first, 5)).toBe(0);
    time += 60_000;
    expect(answered(first, 20)).toBe(10);
    await Promise.all([first.close(), second.close()]);
    expect(warn).not.toHaveBeenCalled();
  });

  it('count each for itself while the database is silent, and lose nothing', async () => {
    let silent = true;
    const counters = replica({
      async statementAsPlatform(statement) {
        if (silent) {
          throw new Error('no connection');
        }
        return testDatabase.database.statementAsPlatform(statement);
      },
    });
    expect(answered(counters, 6)).toBe(6);
    await counters.flush();
    expect(warn).toHaveBeenCalledTimes(1);
    expect(answered(counters, 20)).toBe(4);
    silent = false;
    await counters.flush();
    const other = replica();
    expect(answered(other, 1)).toBe(1);
    await other.flush();
    expect(answered(other, 1)).toBe(0);
    await Promise.all([counters.close(), other.close()]);
  });

  it('leave no counter of an ended window behind', async () => {
    const counters = replica();
    answered(counters, 1);
    await counters.flush();
    time += 120_000;
    await counters.flush();
    await expect(
      testDatabase.database.statementAsPlatform({
        name: 'test-count',
        text: 'select count(*)::integer as counters from portico_walls.request_counters',
        values: [],
      }),
    ).resolves.toEqual([{ counters: 0 }]);
  });
});

it('names the key of a wrong limit', () => {
  const config = new ConfigReader({
    walls: { limits: { tenant: { requests: 0, seconds: 1 } } },
  });
  expect(() => readRequestLimits(config)).toThrow(
    'The configuration key walls.limits.tenant.requests is wrong',
  );
});
