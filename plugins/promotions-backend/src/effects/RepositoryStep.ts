import {
  type Effect,
  type FrozenStage,
  type Promotion,
  type Subject,
} from '@portico/plugin-promotions-common';
import {
  type DeliveryTarget,
  type DeploymentRepository,
  type EffectOutcome,
} from '@portico/plugin-promotions-node';

/** What a step in the deployment repository is done for. */
export interface RepositoryStepContext {
  /** The marker that it leaves and looks for first. */
  key: string;
  promotion: Promotion;
  stage: FrozenStage;
  /** What was approved; nothing else is written. */
  subject: Subject;
  target: DeliveryTarget;
  approvedBy: readonly string[];
  repository: DeploymentRepository;
  /** Nobody has begun this step before, here or elsewhere. */
  isFirst: boolean;
  /** The effects of the promotion as they are now. */
  effects: readonly Effect[];
  /** Address of the promotion for people. */
  url: string | undefined;
  beforeMerge(): Promise<boolean>;
  /** Tells tests where it is. */
  reach(place: 'looked' | 'acted'): Promise<void>;
}

/**
 * How a step went. `stale` says that nothing was done, because what would be written is not
 * what was approved.
 */
export type RepositoryStepOutcome =
  | EffectOutcome
  | { state: 'stale'; reason: string };

/** One thing to do in the deployment repository. */
export interface RepositoryStep {
  step: string;
  kind: Effect['kind'];
  /** What it acts on; part of the key. */
  target: string;
  /** Looks for the marker, adopts what is there, and only then acts. */
  perform(context: RepositoryStepContext): Promise<RepositoryStepOutcome>;
}
