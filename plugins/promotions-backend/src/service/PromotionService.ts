import {
  type BreakGlass,
  type CastVote,
  type Hold,
  type LineStop,
  type Promotion,
  type Release,
  type ReviewOverride,
  type SteerRollout,
  type StopLine,
} from '@portico/plugin-promotions-common';
import {
  type PromotionActor,
  type PromotionsService,
} from '@portico/plugin-promotions-node';

/** Where a promotion is. */
export interface PromotionAddress {
  tenant: string;
  id: string;
}

/** A person or a machine whose word may count, as the sign-in says. */
export interface VotingActor extends PromotionActor {
  kind: 'person' | 'machine';
  /** Refs of groups and `role:<name>` at this moment, kept for the record. */
  belongsTo: readonly string[];
  /** When the person last showed who they are, where the sign-in tells. */
  authTime?: Date;
}

/**
 * Everything that people and programs can do with releases and promotions.
 *
 * It checks rules and names, **not** permissions: routes ask for those first. Each act is
 * one transaction with its audit entry, its event and the next job; what it sets going
 * happens afterwards. The tenant of an act is the one of `by`.
 */
export interface PromotionService extends PromotionsService {
  /**
   * Rejects a release for good; what waits for it ends as rejected.
   *
   * @throws NotFoundError, ConflictError when it was rejected before
   */
  rejectRelease(
    release: { id: string; reason: string },
    by: PromotionActor,
  ): Promise<Release>;
  /**
   * @throws NotAllowedError for a machine; ConflictError when what was shown is not what
   *   would be done now, when nothing asks for approvals, or when it has begun or ended
   */
  vote(
    vote: { promotion: string } & CastVote,
    by: VotingActor,
  ): Promise<Promotion>;
  /** @throws ConflictError when it has begun or ended */
  cancel(
    promotion: { id: string; reason: string },
    by: PromotionActor,
  ): Promise<Promotion>;
  /**
   * @throws NotAllowedError for a machine; InputError for a gate that the promotion has not,
   *   or more than four hours; ConflictError when it has begun or ended, or has an override
   */
  breakGlass(
    wish: { promotion: string } & BreakGlass,
    by: VotingActor,
  ): Promise<Promotion>;
  /** @throws NotAllowedError for a machine and for the person who broke the glass */
  confirmBreakGlass(
    promotion: { id: string },
    by: VotingActor,
  ): Promise<Promotion>;
  /** @throws NotAllowedError for a machine and for the two people of the override */
  reviewOverride(
    review: { promotion: string } & ReviewOverride,
    by: VotingActor,
  ): Promise<Promotion>;
  /**
   * Has the engine do something with a rollout that is under way; the same again, before it
   * was done, is asked once.
   *
   * @throws NotAllowedError for a machine; ConflictError before it has begun and afterwards
   */
  steerRollout(
    wish: { promotion: string } & SteerRollout,
    by: VotingActor,
  ): Promise<Promotion>;
  /** Switches automation off for a component in an environment; again changes nothing. */
  hold(hold: Hold, by: PromotionActor): Promise<void>;
  /** @throws NotFoundError when automation is not held */
  releaseHold(hold: Hold, by: PromotionActor): Promise<void>;
  /** Stops the line of the actor's tenant; in the tenant `default`, of all tenants. */
  stop(stop: StopLine, by: PromotionActor): Promise<LineStop>;
  /** @throws NotFoundError, ConflictError when it was lifted before */
  lift(stop: { id: string }, by: PromotionActor): Promise<LineStop>;
}
