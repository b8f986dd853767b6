import { type LoggerService } from '@backstage/backend-plugin-api';
import { type PorticoDatabase } from '@portico/database';
import { type SourceCommits } from '../diff/commits/SourceCommits';
import { type PipelineResolver } from '../engine/EngineParts';
import { openStores } from '../store/openStores';
import { BreakGlassActs } from './BreakGlassActs';
import { LineActs } from './LineActs';
import { PromotionRequests } from './PromotionRequests';
import { type PromotionService } from './PromotionService';
import { PromotionVotes } from './PromotionVotes';
import { ReleaseActs } from './ReleaseActs';
import { RolloutActs } from './RolloutActs';

/** The service on Portico's own tables. */
export function createPromotionService(options: {
  database: PorticoDatabase;
  logger: LoggerService;
  now: () => Date;
  resolver: PipelineResolver;
  /** Reads when the first commit of a release was written. */
  commits?: SourceCommits;
}): PromotionService {
  const { database } = options;
  const releases = new ReleaseActs(options);
  const requests = new PromotionRequests(options);
  const votes = new PromotionVotes(options);
  const glass = new BreakGlassActs(options);
  const line = new LineActs(options);
  const rollouts = new RolloutActs(options);
  return {
    announce: (release, by) => releases.announce(release, by),
    rejectRelease: (release, by) => releases.reject(release, by),
    request: (wish, by) => requests.request(wish, by),
    cancel: (promotion, by) => requests.cancel(promotion, by),
    vote: (vote, by) => votes.cast(vote, by),
    breakGlass: (wish, by) => glass.ask(wish, by),
    confirmBreakGlass: (promotion, by) => glass.confirm(promotion, by),
    reviewOverride: (review, by) => glass.review(review, by),
    steerRollout: (wish, by) => rollouts.steer(wish, by),
    hold: (hold, by) => line.hold(hold, by),
    releaseHold: (hold, by) => line.releaseHold(hold, by),
    stop: (stop, by) => line.stop(stop, by),
    lift: (stop, by) => line.lift(stop, by),
    get: ({ tenant, id }) =>
      database.inTenant(
        tenant,
        async transaction =>
          (await openStores(transaction, tenant).promotions.get(id))?.promotion,
      ),
    deployments: ({ tenant, ...target }) =>
      database.inTenant(tenant, transaction =>
        openStores(transaction, tenant).deployments.of(target),
      ),
  };
}
