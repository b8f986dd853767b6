import { type LoggerService } from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import { redactSecrets } from '@portico/plugin-bindings-node';
import {
  type FrozenGate,
  type GateResult,
} from '@portico/plugin-promotions-common';
import {
  type CheckSource,
  type Gate,
  type GateAnswer,
} from '@portico/plugin-promotions-node';
import { z } from 'zod';
import { type GateAsker } from '../engine/EngineParts';
import { boundEvidence } from './boundEvidence';
import { gateFacts } from './gateFacts';
import { type GateSources } from './GateSources';

const TIMEOUT_MILLISECONDS = 20_000;
const LONGEST_REASON = 1_000;
const ASK_AGAIN_MILLISECONDS = 60_000;
const SOONEST_RETRY_MILLISECONDS = 15_000;
const LATEST_RETRY_MILLISECONDS = 5 * 60_000;

/** Asks whether the line is stopped where the stage has no gate that does. */
const stopTheLine: FrozenGate = {
  name: 'stop-the-line',
  kind: 'freeze',
  options: { windows: [] },
  requiredBy: 'platform',
};

/** What modules answer is checked like everything from outside. */
const answerSchema = z.object({
  outcome: z.enum(['passed', 'waiting', 'failed']),
  reason: z.string().min(1),
  evidence: z
    .record(z.string(), z.unknown())
    .transform(evidence => boundEvidence(JSON.parse(JSON.stringify(evidence)))),
  validUntil: z.date().optional(),
  askAgainAt: z.date().optional(),
});

class GateTimeoutError extends Error {
  override name = 'GateTimeoutError';
}

type Ask = Parameters<GateAsker['ask']>[0];
type Result = Awaited<ReturnType<GateAsker['ask']>>[number];

/** What a gate said, or why it said nothing. */
type Said =
  | {
      outcome: GateAnswer['outcome'];
      answer: z.output<typeof answerSchema>;
    }
  | { outcome: 'unanswered'; reason: string };

/**
 * Asks the gates of a promotion, all at the same time, each with a time-out.
 *
 * A gate that throws, takes too long, answers nonsense or has no module is `unanswered`:
 * it is shown with the reason and since when, and never counts as a yes. Where no gate of
 * the stage looks at stops of the line, one is added, except for a rollback: whether that
 * waits for a stop is up to its own gates.
 */
export function createGateAsker(options: {
  gates: readonly Gate[];
  checkSources?: readonly CheckSource[];
  sources: GateSources;
  logger: Pick<LoggerService, 'warn'>;
  timeoutMilliseconds?: number;
}): GateAsker {
  const { sources, logger, checkSources = [] } = options;
  const timeout = options.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS;
  const kinds = new Map(options.gates.map(gate => [gate.kind, gate]));

  const say = async (frozen: FrozenGate, ask: Ask): Promise<Said> => {
    const { tenant, promotion } = ask;
    const gate = kinds.get(frozen.kind);
    if (!gate) {
      return {
        outcome: 'unanswered',
        reason: `No gate of the kind "${frozen.kind}" is installed, so nobody can answer it: install its module, or take the gate out of ${frozen.requiredBy}`,
      };
    }
    const previous = ask.before.find(one => one.gate === frozen.name);
    try {
      const answer = await withTimeout(timeout, async signal =>
        gate.evaluate({
          tenant,
          gate: frozen.name,
          options: frozen.options,
          promotion,
          stage: ask.stage,
          subject: ask.subject,
          subjectDigest: ask.subjectDigest,
          moment: ask.moment,
          now: ask.now,
          signal,
          facts: gateFacts({
            sources,
            checkSources,
            tenant,
            promotion,
            signal,
          }),
          ...(previous && { previous }),
        }),
      );
      return checkAnswer(answer, ask.now);
    } catch (error) {
      const reason = reasonOf(error);
      logger.warn(
        `The gate ${frozen.name} of ${tenant}, promotion ${promotion.id}, could not tell: ${reason}`,
      );
      return { outcome: 'unanswered', reason };
    }
  };

  return {
    async ask(ask) {
      const asked =
        ask.promotion.kind === 'rollback' ||
        ask.gates.some(({ kind }) => kind === 'freeze')
          ? ask.gates
          : [...ask.gates, stopTheLine];
      return Promise.all(
        asked.map(async gate => toResult(gate, await say(gate, ask), ask)),
      );
    },
  };
}

function checkAnswer(given: GateAnswer, now: Date): Said {
  const parsed = answerSchema.safeParse(given);
  if (!parsed.success) {
    return {
      outcome: 'unanswered',
      reason:
        'The gate answered in a form that does not fit: its module is wrong',
    };
  }
  const answer = parsed.data;
  return answer.outcome === 'passed' &&
    answer.validUntil &&
    answer.validUntil <= now
    ? {
        outcome: 'unanswered',
        reason: 'The gate said yes, but not for now: its yes is over already',
      }
    : { outcome: answer.outcome, answer };
}

function toResult(gate: FrozenGate, said: Said, ask: Ask): Result {
  const { now } = ask;
  const since = sinceWhen(gate, said.outcome, ask);
  const answer = said.outcome === 'unanswered' ? undefined : said.answer;
  const reason =
    said.outcome === 'unanswered' ? said.reason : said.answer.reason;
  const askAgainAt = whenAgain(said, since, now);
  return {
    gate: gate.name,
    kind: gate.kind,
    requiredBy: gate.requiredBy,
    outcome: said.outcome,
    reason: tidy(reason),
    ...(answer?.evidence ?? boundEvidence({})),
    subject: ask.subjectDigest,
    evaluatedAt: now.toISOString(),
    since: since.toISOString(),
    ...(answer?.validUntil && { validUntil: answer.validUntil.toISOString() }),
    ...(askAgainAt && { askAgainAt: askAgainAt.toISOString() }),
  };
}

/** Since when it says so without a break; going past it with break glass is no break. */
function sinceWhen(
  gate: FrozenGate,
  outcome: GateResult['outcome'],
  { before, now }: Ask,
): Date {
  const last = before.find(one => one.gate === gate.name);
  const same =
    last &&
    (last.outcome === outcome ||
      (last.outcome === 'overridden' &&
        (outcome === 'waiting' || outcome === 'unanswered')));
  return same ? new Date(last.since) : now;
}

/** A gate that cannot tell is asked less often the longer that lasts. */
function whenAgain(said: Said, since: Date, now: Date): Date | undefined {
  const later = (milliseconds: number) =>
    new Date(now.getTime() + milliseconds);
  switch (said.outcome) {
    case 'unanswered':
      return later(
        Math.min(
          Math.max(
            (now.getTime() - since.getTime()) / 2,
            SOONEST_RETRY_MILLISECONDS,
          ),
          LATEST_RETRY_MILLISECONDS,
        ),
      );
    case 'waiting':
      return said.answer.askAgainAt && said.answer.askAgainAt > now
        ? said.answer.askAgainAt
        : later(ASK_AGAIN_MILLISECONDS);
    case 'passed':
      return said.answer.validUntil;
    case 'failed':
      return undefined;
    default:
      return said satisfies never;
  }
}

async function withTimeout<T>(
  milliseconds: number,
  evaluate: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      evaluate(controller.signal),
      new Promise<never>((_, reject) => {
        timer = setTimeout(
          () =>
            reject(
              new GateTimeoutError(
                `The gate did not answer within ${milliseconds / 1_000} s`,
              ),
            ),
          milliseconds,
        );
      }),
    ]);
  } finally {
    clearTimeout(timer);
    // Whatever it still asks, nobody waits for the answer any more.
    controller.abort();
  }
}

/** Errors that are written for people; others may hold anything. */
const toldErrors = new Set([
  'AuthenticationError',
  'ConflictError',
  'GateTimeoutError',
  'InputError',
  'NotAllowedError',
  'NotFoundError',
  'ServiceUnavailableError',
]);

function reasonOf(error: unknown): string {
  if (!isError(error)) {
    return 'The gate could not tell, and did not say why';
  }
  return toldErrors.has(error.name)
    ? tidy(error.message)
    : `The gate could not tell because of an unexpected error (${tidy(
        error.name,
      )})`;
}

/** One line without a secret, not longer than anybody reads. */
function tidy(text: string): string {
  const line = redactSecrets(text).text.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST_REASON
    ? `${line.slice(0, LONGEST_REASON - 1)}…`
    : line;
}
