import {
  type DeploymentFileContent,
  type DeliveryTarget,
  type RolloutOutcome,
  type RolloutWish,
} from '@portico/plugin-promotions-node';
import {
  type FrozenGate,
  type FrozenStage,
  type GateResult,
  type Observation,
  type Promotion,
  type PromotionKind,
  type Release,
  type Stage,
  type Subject,
} from '@portico/plugin-promotions-common';

/*
 * What the engine is put together from. Each part is pure or looks outside; none of them
 * changes the state of a promotion, only the engine does.
 */

/** A stage of a component's pipeline, the platform's and the tenant's united. */
export interface ResolvedStage extends FrozenStage {
  name: string;
  expiresAfter: Stage['expiresAfter'];
  rollbackGates: FrozenGate[];
}

/** The pipeline of a component: stages in the order of their environments. */
export interface ResolvedPipeline {
  pipelineRefs: string[];
  stages: ResolvedStage[];
}

/** Reads pipelines and environments from the catalog, and unites them. */
export interface PipelineResolver {
  /**
   * @throws NotFoundError when there is no such component or pipeline; InputError when the
   *   pipeline or an environment has an error, with the place and what to do
   */
  resolve(component: {
    tenant: string;
    /** Ref of the component. */
    component: string;
  }): Promise<ResolvedPipeline>;
}

/** What a promotion would write. */
export interface Proposal {
  subject: Subject;
  /** SHA-256 of the subject's canonical JSON. */
  digest: string;
  /** Where it would be written: the head of the branch when it was worked out. */
  base: { branch: string; commit: string };
  before: DeploymentFileContent[];
  after: DeploymentFileContent[];
}

/** Works out what a promotion would write, without writing. */
export interface Proposer {
  /** @throws InputError for a file that cannot be edited safely, NotFoundError without one */
  propose(options: {
    target: DeliveryTarget;
    stage: FrozenStage;
    release: Release;
    kind: PromotionKind;
    /** What the promotion showed before: the new subject covers what that one covers. */
    shown?: Subject;
  }): Promise<Proposal>;
}

/** Asks gates, each with a time-out; one that throws is `unanswered`. */
export interface GateAsker {
  ask(options: {
    tenant: string;
    promotion: Promotion;
    stage: FrozenStage;
    gates: readonly FrozenGate[];
    subject: Subject;
    subjectDigest: string;
    moment: 'asked' | 'beforeEffects' | 'beforeMerge';
    now: Date;
    /** The newest results, for `since`. */
    before: readonly GateResult[];
  }): Promise<Array<GateResult & { askAgainAt?: string }>>;
}

/** How far the effects of a promotion are. */
export type EffectsOutcome =
  | { state: 'done'; revision: string }
  | { state: 'waiting'; reason: string; askAgainAt: Date }
  /** What would be written is not what was shown any more, and nothing was done: ask anew. */
  | { state: 'stale'; reason: string }
  | { state: 'failed'; reason: string }
  /** Whether something was done cannot be told, and is not tried any more. */
  | { state: 'gaveUp'; reason: string };

/** Does the effects of a promotion that is running, one after the other. */
export interface EffectRunner {
  /**
   * Continues where it stopped; each effect is looked for outside before it is done.
   * `beforeMerge` asks all gates again and tells whether they still pass.
   */
  run(options: {
    tenant: string;
    promotion: Promotion;
    stage: FrozenStage;
    subject: Subject;
    /** Refs of those whose approvals count; they are named in the commit. */
    approvedBy: readonly string[];
    now: Date;
    beforeMerge(): Promise<boolean>;
    signal: AbortSignal;
  }): Promise<EffectsOutcome>;
  /** What runs now, from the environment's driver. Undefined with plain Git. */
  observe(target: DeliveryTarget): Promise<Observation | undefined>;
  /** What a person wants of a rollout; once, however often it is called. */
  steer(
    target: DeliveryTarget,
    wish: RolloutWish,
    signal: AbortSignal,
  ): Promise<RolloutOutcome>;
}
