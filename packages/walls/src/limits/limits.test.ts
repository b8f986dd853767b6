import { TestDatabase } from '@portico/database/testUtils';
import { readPorticoDatabaseConnection } from '@portico/database';
import { ConfigReader } from '@backstage/config';
import { TestPortal } from '../__testUtils__/TestPortal';
import { wallsMigrations } from '../migrations';
import { porticoRoutes } from '../routes/porticoRoutes';
import { readRequestLimits } from './readRequestLimits';
import { RequestCounters } from './RequestCounters';

jest.setTimeout(120_000);

// Longer than the test, so that no window ends in the middle of it.
const seconds = 600;

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
    expect(Number(first[6].headers['retry-after'])).toBeGreaterThan(
      seconds / 2,
    );

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

describe('two replicas', () => {
  let testDatabase: TestDatabase;
  const replicas: RequestCounters[] = [];
  beforeAll(async () => {
    testDatabase = await TestDatabase.create({ migrations: [wallsMigrations] });
    const config = new ConfigReader({
      ...testDatabase.config,
      walls: { limits: { user: { requests: '10', seconds } } },
    });
    for (let replica = 0; replica < 2; replica++) {
      replicas.push(
        new RequestCounters({
          connection: readPorticoDatabaseConnection(config),
          limits: readRequestLimits(config),
        }),
      );
    }
  });
  afterAll(async () => {
    await Promise.all(replicas.map(replica => replica.close()));
    await testDatabase?.destroy();
  });

  it('count together, also at the same time', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, (_, request) =>
        replicas[request % 2].count('user', 'user:aurora/kim'),
      ),
    );
    const accepted = results.filter(({ status }) => status === 'fulfilled');
    expect(accepted).toHaveLength(10);
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
