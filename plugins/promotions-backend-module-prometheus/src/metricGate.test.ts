import { ConfigReader } from '@backstage/config';
import { type GateAnswer } from '@portico/plugin-promotions-node';
import { type JsonObject } from '@backstage/types';
import { askGate } from '@portico/plugin-promotions-node/testUtils';
import {
  startStrictPrometheus,
  vectorOf,
} from './__testUtils__/startStrictPrometheus';
import { metricGate } from './metricGate';
import { readMetricQueries } from './readMetricQueries';

const TOKEN = 'hunter2hunter2';
const QUERY =
  'sum(rate(errors_total{namespace="{tenant}-{environment}",app="{component}"}[5m]))';

describe('metricGate', () => {
  let prometheus: Awaited<ReturnType<typeof startStrictPrometheus>>;
  let answer = vectorOf(['0']);

  beforeAll(async () => {
    prometheus = await startStrictPrometheus({
      token: TOKEN,
      answer: () => answer,
    });
    if (!prometheus.isDescribed) {
      // eslint-disable-next-line no-console -- a skip has to be seen
      console.warn(
        'SKIPPED: 1 check of each call, against the description of Prometheus: set PORTICO_TEST_PROMETHEUS_OPENAPI',
      );
    }
  });
  beforeEach(() => {
    prometheus.queries.length = 0;
    prometheus.mistakes.length = 0;
  });
  afterAll(() => prometheus.stop());

  const gateWith = (more: object = {}) =>
    metricGate(
      readMetricQueries(
        new ConfigReader({
          promotions: {
            prometheus: {
              servers: [
                {
                  name: 'main',
                  url: `${prometheus.url}/`,
                  token: TOKEN,
                  ...more,
                },
              ],
              queries: [
                {
                  name: 'error-rate',
                  server: 'main',
                  query: QUERY,
                  unit: 'errors/s',
                },
              ],
            },
          },
        }),
      ),
    );
  const ask = (
    options: JsonObject,
    given = answer,
    gate = gateWith(),
  ): Promise<GateAnswer> => {
    answer = given;
    return askGate(gate, { query: 'error-rate', ...options }, {});
  };

  it('asks for the tenant, component and environment that are promoted', async () => {
    await ask({ below: 1 });
    await ask({ below: 1, environment: 'staging' });
    expect(prometheus.queries).toEqual([
      'sum(rate(errors_total{namespace="aurora-prod",app="checkout"}[5m]))',
      'sum(rate(errors_total{namespace="aurora-staging",app="checkout"}[5m]))',
    ]);
    expect(prometheus.mistakes).toEqual([]);
  });

  it.each<[JsonObject, string[], string, string]>([
    [
      { below: 1 },
      ['0.25'],
      'passed',
      'error-rate in prod is 0.25 errors/s, below 1 errors/s.',
    ],
    [
      { below: 1 },
      ['1'],
      'waiting',
      'error-rate in prod is 1 errors/s, and has to be below 1 errors/s.',
    ],
    [
      { below: 1 },
      ['0.1', '3', '0.2'],
      'waiting',
      'error-rate in prod is 3 errors/s, and has to be below 1 errors/s.',
    ],
    [
      { above: 99 },
      ['99.5', '98.7654321'],
      'waiting',
      'error-rate in prod is 98.7654 errors/s, and has to be above 99 errors/s.',
    ],
    [
      { above: 99 },
      ['99.5'],
      'passed',
      'error-rate in prod is 99.5 errors/s, above 99 errors/s.',
    ],
    [
      { below: 1 },
      ['+Inf'],
      'waiting',
      'error-rate in prod is Infinity errors/s, and has to be below 1 errors/s.',
    ],
    [
      { below: 1 },
      ['-Inf'],
      'passed',
      'error-rate in prod is -Infinity errors/s, below 1 errors/s.',
    ],
    [{ below: 1 }, [], 'waiting', 'main has no data for error-rate in prod.'],
    [
      { below: 1 },
      ['NaN'],
      'waiting',
      'main has no data for error-rate in prod.',
    ],
  ])('%p of %p is %s', async (options, values, outcome, reason) => {
    await expect(ask(options, vectorOf(values))).resolves.toMatchObject({
      outcome,
      reason,
    });
    expect(prometheus.mistakes).toEqual([]);
  });

  it('takes a scalar, and keeps what was asked and found', async () => {
    await expect(
      ask(
        { above: 1 },
        {
          status: 200,
          body: {
            status: 'success',
            data: { resultType: 'scalar', result: [1795253134.128, '+Inf'] },
          },
        },
      ),
    ).resolves.toEqual({
      outcome: 'passed',
      reason: 'error-rate in prod is Infinity errors/s, above 1 errors/s.',
      askAgainAt: new Date('2026-11-21T12:02:00.000Z'),
      evidence: {
        query: 'error-rate',
        server: 'main',
        queryDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        environment: 'prod',
        unit: 'errors/s',
        above: 1,
        series: 1,
        figure: 'Infinity',
      },
    });
    expect(prometheus.mistakes).toEqual([]);
  });

  const failed = (status: number, errorType: string, error: string) => ({
    status,
    body: { status: 'error', errorType, error },
  });

  it.each<[string, typeof answer, string]>([
    [
      'the query is wrong',
      failed(
        400,
        'bad_data',
        'invalid parameter "query": 1:4: parse error: unexpected end of input inside braces',
      ),
      'could not answer the query (HTTP 400, bad_data)',
    ],
    [
      'it takes too long',
      failed(503, 'timeout', 'query timed out in expression evaluation'),
      '(HTTP 503, timeout)',
    ],
    [
      'it cannot execute it',
      failed(422, 'execution', 'many-to-many matching'),
      '(HTTP 422, execution)',
    ],
    [
      'it is not ready',
      failed(503, 'internal', 'TSDB not ready'),
      '(HTTP 503, internal)',
    ],
    [
      'only a part of the data is there',
      vectorOf(['0'], { warnings: ['PromQL: store b did not answer'] }),
      'its figures may not be all: PromQL: store b did not answer',
    ],
    [
      'it answers with a range',
      {
        status: 200,
        body: {
          status: 'success',
          data: {
            resultType: 'matrix',
            result: [{ metric: {}, values: [[1795253134.102, '1']] }],
          },
        },
      },
      'has to result in a vector or scalar',
    ],
    [
      'it answers with a histogram',
      {
        status: 200,
        body: {
          status: 'success',
          data: {
            resultType: 'vector',
            result: [
              {
                metric: {},
                histogram: [1795253134.102, { count: '1', sum: '1' }],
              },
            ],
          },
        },
      },
      'has to result in a vector or scalar',
    ],
    [
      'there are too many series',
      vectorOf(Array(101).fill('0')),
      'let the query add them up',
    ],
  ])('cannot tell when %s', async (_, given, message) => {
    await expect(ask({ below: 1 }, given)).rejects.toThrow(message);
    expect(prometheus.mistakes).toEqual([]);
  });

  it('cannot tell when its token is refused, and does not say the token', async () => {
    const asked = ask({ below: 1 }, answer, gateWith({ token: 'stale-token' }));
    await expect(asked).rejects.toThrow('refuses our token (HTTP 401)');
    await expect(asked).rejects.not.toThrow('stale-token');
  });

  it('cannot tell when there is no Prometheus at the address', async () => {
    await expect(
      ask(
        { below: 1 },
        answer,
        gateWith({ url: `${prometheus.url}/elsewhere` }),
      ),
    ).rejects.toThrow('could not answer the query (HTTP 404');
  });

  it.each([
    [{ below: 1, above: 2 }, 'either below or above'],
    [{}, 'either below or above'],
    [{ below: '1' }, 'below'],
    [
      { below: 1, query: 'up' },
      'there is no query "up" in this portal, only error-rate',
    ],
    [{ below: 1, promql: 'up' }, 'promql'],
  ])('refuses the options %p', (options, message) => {
    expect(() =>
      gateWith().checkOptions({ query: 'error-rate', ...options }),
    ).toThrow(message);
  });
});

describe('readMetricQueries', () => {
  const server = { name: 'main', url: 'https://prometheus.example' };
  const query = { name: 'q', server: 'main', query: QUERY };
  const read = (servers: object[], queries: object[]) =>
    readMetricQueries(
      new ConfigReader({ promotions: { prometheus: { servers, queries } } }),
    );

  it('needs nothing', () => {
    expect(readMetricQueries(new ConfigReader({})).size).toBe(0);
  });

  it.each<[string, object[], object[], string]>([
    [
      'an address of plain http',
      [{ ...server, url: 'http://prometheus.example' }],
      [],
      'others on the way could say yes',
    ],
    [
      'an address with a password',
      [{ ...server, url: 'https://me:hunter2@prometheus.example' }],
      [],
      'without a user',
    ],
    [
      'no address',
      [{ ...server, url: 'prometheus' }],
      [],
      'promotions.prometheus.servers[0].url',
    ],
    [
      'two servers of one name',
      [server, server],
      [],
      'there are two of the name "main"',
    ],
    [
      'an unknown server',
      [server],
      [{ ...query, server: 'other' }],
      'there is no server "other"',
    ],
    [
      'two queries of one name',
      [server],
      [query, query],
      'there are two of the name "q"',
    ],
    [
      'a query over all tenants',
      [server],
      [{ ...query, query: 'sum(up)' }],
      'a tenant would see another one',
    ],
  ])('refuses %s', (_, servers, queries, message) => {
    expect(() => read(servers, queries)).toThrow(message);
  });

  it('lets the platform say that plain http is its own, and a figure everybody’s', () => {
    expect(
      read(
        [
          {
            ...server,
            url: 'http://prometheus.monitoring:9090',
            plainHttp: true,
          },
        ],
        [{ ...query, query: 'sum(up)', allTenants: true }],
      ).size,
    ).toBe(1);
  });
});
