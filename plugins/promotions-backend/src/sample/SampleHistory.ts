import {
  type Drift,
  type FrozenStage,
  type GateResult,
  type Promotion,
  type Release,
  type Subject,
  type Transition,
  type Vote,
} from '@portico/plugin-promotions-common';
import { type NewDeployment } from '../store/DeploymentStore';
import { type SampleEnvironment } from './sampleStages';

/** A component that gets a history, and the people in it, by their refs. */
export interface SampleComponent {
  ref: string;
  developers: readonly string[];
  approvers: readonly string[];
}

/** A release that was never built. */
export type SampleRelease = Pick<
  Release,
  'id' | 'content' | 'announcedBy' | 'announcedAt' | 'rejected'
>;

/** A promotion that is over, with everything that happened to it. */
export interface SamplePromotion
  extends Pick<
    Promotion,
    | 'id'
    | 'component'
    | 'kind'
    | 'phase'
    | 'reason'
    | 'requestedBy'
    | 'automatic'
    | 'comment'
  > {
  environment: SampleEnvironment;
  release: SampleRelease;
  /** Id of the release that ran there. */
  before?: string;
  requestedAt: Date;
  endedAt: Date;
  stage: FrozenStage;
  subject: { content: Subject; digest: string };
  transitions: Transition[];
  gateResults: GateResult[];
  votes: Array<Vote & { comment?: string }>;
}

/** What ran, or did not come to run. */
export type SampleDeployment = NewDeployment & { id: string };

/** Sixty days of one component. */
export interface SampleHistory {
  releases: SampleRelease[];
  promotions: SamplePromotion[];
  deployments: SampleDeployment[];
  drift: Drift[];
}
