import {
  type Delivery,
  type DeliveryProgress,
  type Effect,
  type FrozenStage,
  type Observation,
  type Promotion,
  type RolloutAction,
  type RolloutPosition,
} from '@portico/plugin-promotions-common';

/** A component in an environment, and how it gets there. */
export interface DeliveryTarget {
  tenant: string;
  /** Ref of the component. */
  component: string;
  environment: string;
  delivery: Delivery;
}

/** What an effect is done for. */
export interface EffectContext {
  /** Deterministic: the marker that it leaves outside and looks for first. */
  key: string;
  promotion: Promotion;
  stage: FrozenStage;
  target: DeliveryTarget;
  /** Commit of the deployment repository that declares the release. */
  revision: string;
  now: Date;
  signal: AbortSignal;
}

/** What became of an effect. A thrown error means "try again", up to a limit. */
export type EffectOutcome =
  | { state: 'confirmed'; remote: NonNullable<Effect['remote']> }
  | { state: 'waiting'; reason: string; askAgainAt?: Date }
  | { state: 'failed'; reason: string };

/** One thing to do outside, after the deployment repository says what is wanted. */
export interface EffectStep {
  /** Name, unique in the promotion, such as `sync`. */
  step: string;
  kind: Effect['kind'];
  /** What it acts on; part of the key. */
  target: string;
  /** How long it may take, ISO 8601; the delivery's own limit without. */
  timeout?: string;
  /** Looks for the marker, adopts what is there, and only then acts. */
  perform(context: EffectContext): Promise<EffectOutcome>;
}

/** What a person wants of a rollout, as it was shown. */
export interface RolloutWish {
  action: RolloutAction;
  /** `shop/checkout` */
  rollout: string;
  seen: RolloutPosition;
}

/** What became of a wish. A thrown error means "nobody can tell": it is looked at again. */
export interface RolloutOutcome {
  state: 'done' | 'refused';
  /** One sentence for people. */
  reason: string;
}

/** What a driver knows of one thing that it keeps as declared. */
export interface DeliveredResource {
  /** `apps/Deployment shop/checkout` */
  resource: string;
  state: 'synced' | 'differs' | 'missing' | 'orphaned';
  /** Where it differs, at most a few; values that are secret are left out. */
  fields: Array<{ path: string; declared?: string; live?: string }>;
}

/** What finding drift needs to know beyond what runs. */
export interface DeliveryInspection {
  observation: Observation;
  /** Whether what is live is what the revision says, as the system itself judges. */
  sync: 'synced' | 'outOfSync' | 'unknown';
  /** Commit that it compares with. */
  comparedRevision?: string;
  /** When it compared last. */
  comparedAt?: string;
  /** It makes changes of the repository true without being asked. */
  automatic: boolean;
  lastOperation?: {
    result: 'running' | 'succeeded' | 'failed';
    revision?: string;
    finishedAt?: string;
    /** Who asked for it, `automatic` where nobody did. */
    by: string;
    message: string;
  };
  resources: DeliveredResource[];
  /** Why it cannot compare, such as an error in the manifests. */
  problems: string[];
}

/** Makes true what the deployment repository says, or watches who does. */
export interface DeliveryDriver {
  readonly kind: Delivery['driver'];
  /** What to do beyond the deployment repository, in order; often nothing. */
  steps(
    target: DeliveryTarget,
    strategy: FrozenStage['strategy'],
  ): EffectStep[];
  /**
   * What runs now. `unknown` with the reason when nobody answers; it never throws for that.
   * Undefined where nothing can be observed, as with plain Git.
   */
  observe(
    target: DeliveryTarget,
    signal: AbortSignal,
  ): Promise<Observation | undefined>;
  /**
   * More than `observe`, for finding drift; only drivers whose system can tell have it.
   * Undefined when nobody answers.
   */
  inspect?(
    target: DeliveryTarget,
    signal: AbortSignal,
  ): Promise<DeliveryInspection | undefined>;
  /**
   * How what was declared comes to run, step by step; only drivers whose system can tell
   * have it. It never throws when nobody answers, but says so in `problem`.
   */
  progress?(
    target: DeliveryTarget,
    signal: AbortSignal,
  ): Promise<DeliveryProgress>;
  /**
   * Does what a person wants of a rollout, if it is where it was shown and was not done
   * yet: asking twice does it once.
   */
  steer?(
    target: DeliveryTarget,
    wish: RolloutWish,
    signal: AbortSignal,
  ): Promise<RolloutOutcome>;
}
