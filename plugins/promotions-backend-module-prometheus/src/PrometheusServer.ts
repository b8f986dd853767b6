import { ServiceUnavailableError } from '@backstage/errors';
import {
  askJson,
  type GateServer,
  serverUrl,
} from '@portico/plugin-promotions-node';
import { z } from 'zod';

const MOST_SERIES = 100;

/** Time and value; values are text, `NaN` and `+Inf` among them. */
const sampleSchema = z.tuple([z.number(), z.string()]);

const dataSchema = z.discriminatedUnion('resultType', [
  z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ value: sampleSchema })),
  }),
  z.object({ resultType: z.literal('scalar'), result: sampleSchema }),
]);

const answerSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: dataSchema,
    warnings: z.array(z.string()).optional(),
  }),
  z.object({ status: z.literal('error'), errorType: z.string() }),
]);

/** A server with the HTTP API of Prometheus. */
export class PrometheusServer {
  readonly name: string;
  readonly #server: GateServer;

  constructor(server: GateServer) {
    this.name = server.name;
    this.#server = server;
  }

  /**
   * The figures of a query now, one for each series; without those that are no number.
   *
   * @throws ServiceUnavailableError when it cannot tell, or only in part
   */
  async figures(query: string, signal: AbortSignal): Promise<number[]> {
    const { token, timeoutMilliseconds } = this.#server;
    const who = `The Prometheus server ${this.name}`;
    const { status, body } = await askJson({
      who,
      url: serverUrl(this.#server, 'api/v1/query'),
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: new URLSearchParams({
        query,
        timeout: `${timeoutMilliseconds}ms`,
      }).toString(),
      signal,
      timeoutMilliseconds,
    });
    if (status === 401 || status === 403) {
      throw new ServiceUnavailableError(
        `${who} refuses our token (HTTP ${status}); look at promotions.prometheus.servers`,
      );
    }
    const answer = answerSchema.safeParse(body);
    if (!answer.success) {
      throw new ServiceUnavailableError(
        status === 200
          ? `${who} answered with something else than figures of an instant: the query has to result in a vector or scalar`
          : `${who} did not answer the query (HTTP ${status}): is its address right?`,
      );
    }
    if (answer.data.status === 'error' || status !== 200) {
      throw new ServiceUnavailableError(
        `${who} could not answer the query (HTTP ${status}${
          answer.data.status === 'error'
            ? `, ${answer.data.errorType.slice(0, 100)}`
            : ''
        })`,
      );
    }
    if (answer.data.warnings?.length) {
      // A part of the data may be missing, which may be the part that says no.
      throw new ServiceUnavailableError(
        `${who} answered with a warning, so that its figures may not be all: ${answer.data.warnings[0]?.slice(
          0,
          300,
        )}`,
      );
    }
    return figuresOf(answer.data.data, who);
  }
}

function figuresOf(data: z.infer<typeof dataSchema>, who: string): number[] {
  const samples =
    data.resultType === 'vector'
      ? data.result.map(({ value }) => value)
      : [data.result];
  if (samples.length > MOST_SERIES) {
    throw new ServiceUnavailableError(
      `${who} answered with ${samples.length} series, more than ${MOST_SERIES}: let the query add them up`,
    );
  }
  return samples
    .map(([, value]) => parseFigure(value))
    .filter(value => !Number.isNaN(value));
}

function parseFigure(text: string): number {
  switch (text) {
    case '+Inf':
      return Infinity;
    case '-Inf':
      return -Infinity;
    default:
      return text.trim() === '' ? NaN : Number(text);
  }
}
