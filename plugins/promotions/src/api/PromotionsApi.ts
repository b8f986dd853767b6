import { createApiRef } from '@backstage/frontend-plugin-api';
import {
  type AnnounceRelease,
  type Board,
  type BoardQuery,
  type BreakGlass,
  type CastVote,
  type DeliveryEvent,
  type DeliveryFigures,
  type DeliveryOfComponent,
  type DeploymentDiff,
  type DeploymentList,
  type DeploymentQuery,
  type DiffQuery,
  type Drift,
  type DriftList,
  type DriftQuery,
  type FiguresQuery,
  type Hold,
  type LineStop,
  type MuteDrift,
  type Promotion,
  type PromotionDetail,
  type PromotionList,
  type PromotionQuery,
  type Reason,
  type Release,
  type ReleaseList,
  type ReleaseQuery,
  type RequestPromotion,
  type ReviewOverride,
  type RolloutOfPromotion,
  type SteerRollout,
  type StopLine,
  type WindowCalendar,
  type WindowQuery,
} from '@portico/plugin-promotions-common';

/** What the event stream of a tenant tells while it is followed. */
export interface DeliveryListener {
  /** It is connected; what happens from now on is told. */
  onOpen(): void;
  onEvent(event: DeliveryEvent): void;
  /** The connection broke and is tried again. */
  onRetry(): void;
}

/**
 * The backend of promotions as the browser sees it.
 *
 * Each method throws a `ResponseError` when the portal refuses: 403 where the caller may
 * not, 404 where something is absent or another tenant's, 409 where it changed meanwhile.
 */
export interface PromotionsApi {
  /** Releases of a component, newest first. */
  releases(query: ReleaseQuery): Promise<ReleaseList>;
  announceRelease(release: AnnounceRelease): Promise<Release>;
  release(id: string): Promise<Release>;
  /** For good: it is never promoted again. */
  rejectRelease(id: string, reason: Reason): Promise<Release>;
  /** Where a component is, environment by environment. */
  delivery(component: string): Promise<DeliveryOfComponent>;
  board(query: BoardQuery): Promise<Board>;
  promotions(query: PromotionQuery): Promise<PromotionList>;
  requestPromotion(request: RequestPromotion): Promise<Promotion>;
  promotion(id: string): Promise<PromotionDetail>;
  /** What a promotion changes. */
  promotionDiff(id: string): Promise<DeploymentDiff>;
  /** How far its rollout is, and what people asked of it. */
  rollout(id: string): Promise<RolloutOfPromotion>;
  /** Has the engine pause, promote or abort a rollout. */
  steerRollout(id: string, wish: SteerRollout): Promise<RolloutOfPromotion>;
  vote(id: string, vote: CastVote): Promise<PromotionDetail>;
  cancel(id: string, reason: Reason): Promise<PromotionDetail>;
  breakGlass(id: string, override: BreakGlass): Promise<PromotionDetail>;
  /** As the second person. */
  confirmBreakGlass(id: string): Promise<PromotionDetail>;
  reviewBreakGlass(
    id: string,
    review: ReviewOverride,
  ): Promise<PromotionDetail>;
  /** Between any two environments or releases of a component. */
  diff(query: DiffQuery): Promise<DeploymentDiff>;
  deployments(query: DeploymentQuery): Promise<DeploymentList>;
  /** Freeze windows, stops of the line, and what is closed now. */
  windows(query: WindowQuery): Promise<WindowCalendar>;
  stopLine(stop: StopLine): Promise<LineStop>;
  liftStop(id: string): Promise<LineStop>;
  /** Switches automation off for a component in an environment. */
  hold(hold: Hold): Promise<void>;
  releaseHold(hold: Hold): Promise<void>;
  drift(query: DriftQuery): Promise<DriftList>;
  muteDrift(id: string, mute: MuteDrift): Promise<Drift>;
  figures(query: FiguresQuery): Promise<DeliveryFigures>;
  /**
   * Tells that something changed until the signal aborts; connects again by itself where
   * the connection broke.
   */
  follow(options: {
    signal: AbortSignal;
    listener: DeliveryListener;
  }): Promise<void>;
}

/** The backend of promotions. */
export const promotionsApiRef = createApiRef<PromotionsApi>().with({
  id: 'plugin.promotions.client',
  pluginId: 'promotions',
});
