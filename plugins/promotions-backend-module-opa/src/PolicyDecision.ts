import { ServiceUnavailableError } from '@backstage/errors';
import { z } from 'zod';

/** What a policy said. */
export interface PolicyDecision {
  allow: boolean;
  /** For people; why not, usually. */
  reasons: string[];
  /** What names the decision and the policy that made it, for the evidence. */
  origin: Record<string, string>;
}

/** Decides on an input; another server, or the portal itself. */
export interface PolicyDecider {
  /** @throws ServiceUnavailableError when it cannot tell */
  decide(options: {
    path: string;
    input: object;
    signal: AbortSignal;
  }): Promise<PolicyDecision>;
}

const MOST_REASONS = 10;
const LONGEST_REASON = 300;

const resultSchema = z.union([
  z.boolean(),
  z.object({
    allow: z.boolean(),
    reasons: z.array(z.string()).default([]),
  }),
]);

/**
 * Reads what a policy results in: `true`, `false`, or `{ allow, reasons }`.
 *
 * @throws ServiceUnavailableError for anything else; an undefined decision is none
 */
export function readDecision(
  path: string,
  result: unknown,
): Pick<PolicyDecision, 'allow' | 'reasons'> {
  if (result === undefined) {
    throw new ServiceUnavailableError(
      `The policy ${path} says nothing: it does not exist, or is undefined for this promotion; give it a default`,
    );
  }
  const parsed = resultSchema.safeParse(result);
  if (!parsed.success) {
    throw new ServiceUnavailableError(
      `The policy ${path} says neither true or false, nor {"allow": …, "reasons": […]}`,
    );
  }
  const decision =
    typeof parsed.data === 'boolean'
      ? { allow: parsed.data, reasons: [] }
      : parsed.data;
  return {
    allow: decision.allow,
    reasons: decision.reasons
      .slice(0, MOST_REASONS)
      .map(reason => reason.slice(0, LONGEST_REASON)),
  };
}
