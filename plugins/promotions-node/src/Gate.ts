import { type Entity } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import { type JsonObject } from '@backstage/types';
import {
  type Dependants,
  type Deployment,
  type FrozenStage,
  type GateResult,
  type LineStop,
  type Observation,
  type Promotion,
  type Release,
  type Subject,
  type Vote,
  type Voter,
} from '@portico/plugin-promotions-common';
import { z } from 'zod';

/** Who wrote a commit of what is promoted. */
export interface Author {
  name: string;
  email: string;
  /** Ref of the member with this address, if there is one. */
  ref?: string;
}

/** What somebody else said of a commit: a run of its tests, a status of its forge. */
export interface CommitCheck {
  /** As the pipeline names it, `local-runtime/test`. */
  name: string;
  state: 'passed' | 'failed' | 'running';
  /** When it was said. */
  at: string;
  /** Where people see it. */
  url?: string;
}

/** Where checks of commits come from; each kind of forge or CI is one. */
export interface CheckSource {
  /** `local runtime`, `GitHub`. */
  readonly name: string;
  /**
   * The newest of each name for the commit of the release; none when the source knows
   * nothing of its repository. A source that cannot tell throws.
   */
  checks(options: {
    tenant: string;
    release: Release;
    signal: AbortSignal;
  }): Promise<CommitCheck[]>;
}

/** What a gate can look at; each call reads anew, and only what is the tenant's own. */
export interface GateFacts {
  /** Oldest first, of all subjects. */
  votes(): Promise<Vote[]>;
  /** The members as the directory says now. */
  voters(): Promise<Voter[]>;
  /**
   * Authors of the commits between what runs and what is promoted.
   *
   * @throws Error when the commits cannot be read: nobody knows who wrote them
   */
  authors(): Promise<Author[]>;
  /** Stops that are not lifted, the platform's included. */
  stops(): Promise<LineStop[]>;
  /** Deployments of the component in an environment, newest first, at most 100. */
  deployments(environment: string): Promise<Deployment[]>;
  /** What an environment says of the component now; undefined with plain Git. */
  observe(environment: string): Promise<Observation | undefined>;
  /** What was said of the release's commit, by every source. */
  checks(): Promise<CommitCheck[]>;
  /** The component as the catalog has it. */
  component(): Promise<Entity>;
  /** What depends on the component, by the relations of the catalog. */
  dependants(): Promise<Dependants>;
}

/** What a gate is asked. */
export interface GateQuestion<TOptions> {
  tenant: string;
  /** Name of the gate in its stage. */
  gate: string;
  options: TOptions;
  promotion: Promotion;
  stage: FrozenStage;
  subject: Subject;
  subjectDigest: string;
  /** It is asked again right before the first effect and right before a merge. */
  moment: 'asked' | 'beforeEffects' | 'beforeMerge';
  now: Date;
  /** Aborted when the gate takes too long, which is "could not tell". */
  signal: AbortSignal;
  facts: GateFacts;
  /** What it said last of this promotion. */
  previous?: GateResult;
}

/**
 * What a gate says: `failed` is a no for good, `waiting` a not yet. A gate that cannot tell
 * throws; that is never a yes.
 */
export interface GateAnswer {
  outcome: 'passed' | 'waiting' | 'failed';
  /** One sentence for people, with what to do where something can be done. */
  reason: string;
  /** What it looked at, kept for good: no secret, no more than a few kilobytes. */
  evidence: JsonObject;
  /** From when on the answer does not count any more. */
  validUntil?: Date;
  /** When asking again is worth it; a minute later unless told. */
  askAgainAt?: Date;
}

/** A kind of gate, with its options checked. Made by {@link defineGate}. */
export interface Gate {
  readonly kind: string;
  /** @throws InputError that names the option and what is expected of it */
  checkOptions(options: unknown): JsonObject;
  evaluate(question: GateQuestion<JsonObject>): Promise<GateAnswer>;
}

/**
 * Makes a kind of gate. `options` describes everything beside `name` and `kind` in a
 * pipeline; it must be strict, so that a slip of the pen does not open anything.
 */
export function defineGate<TOptions extends object>(definition: {
  kind: string;
  options: z.ZodType<TOptions>;
  evaluate(question: GateQuestion<TOptions>): Promise<GateAnswer>;
}): Gate {
  const parse = (options: unknown): TOptions => {
    const result = definition.options.safeParse(options);
    if (!result.success) {
      throw new InputError(
        `The options of the gate ${
          definition.kind
        } are wrong: ${z.prettifyError(result.error)}`,
      );
    }
    return result.data;
  };
  return {
    kind: definition.kind,
    checkOptions: options => JSON.parse(JSON.stringify(parse(options))),
    evaluate: question =>
      definition.evaluate({ ...question, options: parse(question.options) }),
  };
}
