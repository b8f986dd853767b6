import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { readPrometheusDescription } from './prometheusDescription';

/** Form fields of an instant query. */
const fields = new Set([
  'query',
  'time',
  'limit',
  'timeout',
  'lookback_delta',
  'stats',
]);

interface Answer {
  status: number;
  body: object;
}

/**
 * Stands in for Prometheus: refuses every path, method, header and field that it does not
 * know, by the vendor's own description where that is at hand, and what it answers fits the
 * description too.
 */
export async function startStrictPrometheus(options: {
  token: string;
  /** The answer to a query; the samples of a vector as name and value. */
  answer(query: string): Answer;
}) {
  const description = readPrometheusDescription();
  const queries: string[] = [];
  /** What a client, or this stand-in, did that Prometheus does not know. */
  const mistakes: string[] = [];

  const respond = async (request: IncomingMessage): Promise<Answer> => {
    const refuse = (status: number, mistake: string): Answer => {
      mistakes.push(mistake);
      return {
        status,
        body: { status: 'error', errorType: 'bad_data', error: mistake },
      };
    };
    const url = new URL(request.url ?? '', 'http://prometheus');
    if (request.headers.authorization !== `Bearer ${options.token}`) {
      return { status: 401, body: {} };
    }
    if (
      url.pathname !== '/prometheus/api/v1/query' ||
      url.search !== '' ||
      request.method !== 'POST' ||
      description?.has('/query', 'post') === false
    ) {
      return refuse(404, `${request.method} ${request.url}`);
    }
    if (
      request.headers['content-type'] !== 'application/x-www-form-urlencoded'
    ) {
      return refuse(415, `content type ${request.headers['content-type']}`);
    }
    const form = Object.fromEntries(
      new URLSearchParams(await readText(request)),
    );
    const unknown = Object.keys(form).find(name => !fields.has(name));
    const problem = description?.problem('QueryPostInputBody', form);
    if (unknown !== undefined || problem !== undefined || !form.query) {
      return refuse(400, problem ?? `field ${unknown ?? 'query'}`);
    }
    if (form.timeout !== undefined && !/^\d+(?:ms|s|m)$/.test(form.timeout)) {
      return refuse(400, `timeout ${form.timeout}`);
    }
    queries.push(form.query);
    const answer = options.answer(form.query);
    const wrong = description?.problem(
      answer.status === 200 ? 'QueryOutputBody' : 'Error',
      answer.body,
    );
    return wrong === undefined ? answer : refuse(500, wrong);
  };

  const server = createServer((request, response) => {
    respond(request).then(
      ({ status, body }) => {
        response
          .writeHead(status, { 'content-type': 'application/json' })
          .end(JSON.stringify(body));
      },
      () => response.writeHead(500).end(),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/prometheus`,
    queries,
    mistakes,
    isDescribed: description !== undefined,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** An answer with these figures, each a series. */
export function vectorOf(values: readonly string[], more: object = {}): Answer {
  return {
    status: 200,
    body: {
      status: 'success',
      data: {
        resultType: 'vector',
        result: values.map((value, index) => ({
          metric: { __name__: 'errors', instance: `pod-${index}` },
          value: [1795253134.102, value],
        })),
      },
      ...more,
    },
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
