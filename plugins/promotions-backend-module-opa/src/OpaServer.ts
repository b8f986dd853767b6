import { ServiceUnavailableError } from '@backstage/errors';
import {
  askJson,
  type GateServer,
  serverUrl,
} from '@portico/plugin-promotions-node';
import { z } from 'zod';
import {
  type PolicyDecider,
  type PolicyDecision,
  readDecision,
} from './PolicyDecision';

const answerSchema = z.object({
  /** Missing where the policy is undefined. */
  result: z.unknown().optional(),
  decision_id: z.string().max(200).optional(),
  provenance: z
    .object({
      version: z.string().max(100).optional(),
      bundles: z
        .record(
          z.string(),
          z.object({ revision: z.string().max(200).optional() }),
        )
        .optional(),
    })
    .optional(),
});

/** A server of the Open Policy Agent, asked through its data API. */
export class OpaServer implements PolicyDecider {
  readonly #server: GateServer;

  constructor(server: GateServer) {
    this.#server = server;
  }

  async decide(options: {
    path: string;
    input: object;
    signal: AbortSignal;
  }): Promise<PolicyDecision> {
    const { path, input, signal } = options;
    const { name, token, timeoutMilliseconds } = this.#server;
    const who = `The OPA server ${name}`;
    const url = serverUrl(this.#server, `v1/data/${path}`);
    url.searchParams.set('provenance', 'true');
    // A function that fails, such as a look elsewhere, is an error and not just undefined.
    url.searchParams.set('strict-builtin-errors', 'true');
    const { status, body } = await askJson({
      who,
      url,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ input }),
      signal,
      timeoutMilliseconds,
    });
    if (status !== 200) {
      throw new ServiceUnavailableError(
        `${who} did not decide on ${path}: ${refusalOf(status)}`,
      );
    }
    const answer = answerSchema.safeParse(body);
    if (!answer.success) {
      throw new ServiceUnavailableError(
        `${who} answered in a form that OPA does not: is its address right?`,
      );
    }
    return {
      ...readDecision(path, answer.data.result),
      origin: originOf(name, answer.data),
    };
  }
}

function originOf(
  server: string,
  { decision_id, provenance }: z.infer<typeof answerSchema>,
): Record<string, string> {
  const bundles = Object.entries(provenance?.bundles ?? {}).flatMap(
    ([bundle, { revision }]) => (revision ? [`${bundle}@${revision}`] : []),
  );
  return {
    server,
    ...(decision_id && { decisionId: decision_id }),
    ...(provenance?.version && { version: provenance.version }),
    ...(bundles.length > 0 && { bundles: bundles.slice(0, 10).join(', ') }),
  };
}

function refusalOf(status: number): string {
  switch (status) {
    case 401:
    case 403:
      return `it refuses our token (HTTP ${status}); look at promotions.opa.servers`;
    case 400:
      return 'it finds the question wrong (HTTP 400)';
    case 404:
      return 'there is no OPA at its address (HTTP 404)';
    default:
      return `it has trouble of its own (HTTP ${status})`;
  }
}
