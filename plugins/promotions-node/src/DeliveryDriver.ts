import {
  type Delivery,
  type Effect,
  type FrozenStage,
  type Observation,
  type Promotion,
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
  /** Looks for the marker, adopts what is there, and only then acts. */
  perform(context: EffectContext): Promise<EffectOutcome>;
}

/** Makes true what the deployment repository says, or watches who does. */
export interface DeliveryDriver {
  readonly kind: Delivery['driver'];
  /** What to do beyond the deployment repository, in order; often nothing. */
  steps(target: DeliveryTarget): EffectStep[];
  /**
   * What runs now. `unknown` with the reason when nobody answers; it never throws for that.
   * Undefined where nothing can be observed, as with plain Git.
   */
  observe(
    target: DeliveryTarget,
    signal: AbortSignal,
  ): Promise<Observation | undefined>;
}
