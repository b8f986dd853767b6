import {
  type GateResult,
  nextPhase,
  type PromotionEvent,
  type PromotionKind,
  type Transition,
  type Vote,
} from '@portico/plugin-promotions-common';
import { boundEvidence } from '../gates/boundEvidence';
import { type SamplePromotion, type SampleRelease } from './SampleHistory';
import {
  frozenFor,
  type SampleEnvironment,
  sampleSubject,
} from './sampleStages';

const ENGINE = 'plugin:promotions';
const SECOND = 1_000;

type Answer = Pick<GateResult, 'outcome' | 'reason' | 'evidence'>;

const open: Answer = {
  outcome: 'passed',
  reason: 'Open: nothing closes it.',
  evidence: { closed: false, windows: [], stops: [] },
};
const soaked: Answer = {
  outcome: 'passed',
  reason: 'It has run in staging for long enough.',
  evidence: { environment: 'staging', duration: 'PT1M' },
};

/** How a promotion begins. */
export interface SampleRequest {
  id: string;
  component: string;
  environment: SampleEnvironment;
  kind: PromotionKind;
  release: SampleRelease;
  /** Id of the release that ran there. */
  before?: string;
  /** A person; the pipeline itself without. */
  by?: string;
  comment?: string;
  at: Date;
}

/** Tells a promotion step by step, each as the engine would have taken it. */
export class SamplePromotionTale {
  readonly #request: SampleRequest;
  readonly #subject: SamplePromotion['subject'];
  readonly #transitions: Transition[];
  readonly #gateResults: GateResult[] = [];
  readonly #votes: Array<Vote & { comment?: string }> = [];

  constructor(request: SampleRequest) {
    this.#request = request;
    this.#subject = sampleSubject(request);
    this.#transitions = [
      {
        sequence: 1,
        to: 'pending',
        event: 'request',
        reason: request.by ? 'Asked for' : 'Asked for by the pipeline',
        by: request.by ?? ENGINE,
        at: request.at.toISOString(),
      },
    ];
  }

  /** @throws Error for what cannot happen there: then the sample is told wrongly */
  step(event: PromotionEvent, at: Date, reason: string, by = ENGINE): this {
    const from = this.#last.to;
    const to = nextPhase(from, event);
    if (!to || at.getTime() < Date.parse(this.#last.at)) {
      throw new Error(
        `A sample promotion that is ${from} since ${
          this.#last.at
        } cannot ${event} at ${at.toISOString()}`,
      );
    }
    this.#transitions.push({
      sequence: this.#transitions.length + 1,
      from,
      to,
      event,
      reason,
      by,
      at: at.toISOString(),
    });
    return this;
  }

  /** All gates pass at once, where no people are asked. */
  pass(at: Date): this {
    return this.#say(at, { freeze: open }).step(
      'gatesPass',
      at,
      'The gate has passed.',
    );
  }

  /** Asked for at this instant, it waits for an approval from then on. */
  wait(requestedAt: Date): this {
    const at = new Date(requestedAt.getTime() + SECOND);
    const reason = '"approver" needs 1 more approval.';
    return this.#say(at, {
      approval: {
        outcome: 'waiting',
        reason,
        evidence: approvalEvidence([]),
      },
      soak: soaked,
      freeze: open,
    }).step('gatesWait', at, `approval: ${reason}`);
  }

  approve(voter: string, votedAt: Date): this {
    const at = new Date(votedAt.getTime() + SECOND);
    const name = voter.slice(voter.indexOf('/') + 1);
    return this.vote(voter, 'approve', votedAt)
      .step('evaluate', votedAt, 'Somebody approved', voter)
      .#say(at, {
        approval: {
          outcome: 'passed',
          reason: `Approved by ${name}.`,
          evidence: approvalEvidence([voter]),
        },
      })
      .step('gatesPass', at, 'All gates have passed.');
  }

  vote(
    voter: string,
    decision: 'approve' | 'reject',
    at: Date,
    comment?: string,
  ): this {
    this.#votes.push({
      voter,
      decision,
      subject: this.#subject.digest,
      at: at.toISOString(),
      ...(comment && { comment }),
    });
    return this;
  }

  /** All of it, once it is over. */
  told(): SamplePromotion {
    const { at: requestedAt, by, ...request } = this.#request;
    const { to: phase, reason, at: endedAt } = this.#last;
    return {
      ...request,
      phase,
      reason,
      requestedBy: by ?? ENGINE,
      automatic: by === undefined,
      requestedAt,
      endedAt: new Date(endedAt),
      stage: frozenFor(request.environment, request.kind),
      subject: this.#subject,
      transitions: this.#transitions,
      gateResults: this.#gateResults,
      votes: this.#votes,
    };
  }

  /** What the gates of these names said; the others said nothing new. */
  #say(at: Date, answers: Record<string, Answer>): this {
    const { environment, kind: ofPromotion } = this.#request;
    for (const { name, kind, requiredBy } of frozenFor(environment, ofPromotion)
      .gates) {
      const answer = answers[name];
      if (answer) {
        this.#gateResults.push({
          gate: name,
          kind,
          requiredBy,
          outcome: answer.outcome,
          reason: answer.reason,
          ...boundEvidence(answer.evidence),
          subject: this.#subject.digest,
          evaluatedAt: at.toISOString(),
          since: at.toISOString(),
        });
      }
    }
    return this;
  }

  get #last(): Transition {
    // the request is always there
    return this.#transitions[this.#transitions.length - 1];
  }
}

function approvalEvidence(approvedBy: string[]): GateResult['evidence'] {
  return {
    rules: [
      {
        name: 'approver',
        from: ['role:approver'],
        required: 1,
        approvedBy,
        missing: 1 - approvedBy.length,
      },
    ],
    votesInAll: approvedBy.length,
  };
}
