import {
  type DeploymentDiff,
  type Release,
} from '@portico/plugin-promotions-common';
import { type DeliveryTarget } from '@portico/plugin-promotions-node';
import { type Proposal } from '../engine/EngineParts';

/** A release as far as a diff needs it. */
export type DiffedRelease = Pick<Release, 'id' | 'content'>;

/** One side of a comparison: an environment, a release, or a release in an environment. */
export interface DiffSide {
  /** What runs there, or the release itself; undefined while nothing does. */
  release?: DiffedRelease;
  /** The environment whose files are compared; a release alone has none. */
  target?: DeliveryTarget;
  /** Commit of the deployment repository; the head of its branch without. */
  revision?: string;
}

/** Works out what a deployment changes. Nothing secret is in what it answers. */
export interface DeploymentDiffer {
  /** What a promotion would write, or wrote, and what that means. */
  ofProposal(options: {
    target: DeliveryTarget;
    proposal: Pick<Proposal, 'base' | 'before' | 'after'>;
    /** What runs there now. */
    before?: DiffedRelease;
    after: DiffedRelease;
    signal: AbortSignal;
  }): Promise<DeploymentDiff>;
  /** From one environment or release of a component to another. */
  between(options: {
    tenant: string;
    /** Ref of the component. */
    component: string;
    from: DiffSide;
    to: DiffSide;
    signal: AbortSignal;
  }): Promise<DeploymentDiff>;
}
