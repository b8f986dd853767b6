import { type CatalogService } from '@backstage/plugin-catalog-node';
import { type PorticoDatabase } from '@portico/database';
import { type BoardQuery } from '../queries/BoardQuery';
import { type DeploymentQueries } from '../queries/DeploymentQueries';
import { type DiffQueries } from '../queries/DiffQueries';
import { type DriftQueries } from '../queries/DriftQueries';
import { type InboxQuery } from '../queries/InboxQuery';
import { type LaneQuery } from '../queries/LaneQuery';
import { type PromotionDetailQuery } from '../queries/PromotionDetailQuery';
import { type PromotionQueries } from '../queries/PromotionQueries';
import { type ReleaseQueries } from '../queries/ReleaseQueries';
import { type RolloutQuery } from '../queries/RolloutQuery';
import { type WindowQuery } from '../queries/WindowQuery';
import { type PromotionService } from '../service/PromotionService';
import { type DeliveryAccess } from './DeliveryAccess';
import { type EventStreams } from './events/EventStreams';

/** What the routes of delivery work with. */
export interface RouterOptions {
  access: DeliveryAccess;
  /** What changes something; it checks rules, the routes check permissions. */
  acts: PromotionService;
  board: Pick<BoardQuery, 'page'>;
  catalog: Pick<CatalogService, 'queryEntities'>;
  database: PorticoDatabase;
  deployments: Pick<DeploymentQueries, 'list'>;
  details: Pick<PromotionDetailQuery, 'get'>;
  diffs: Pick<DiffQueries, 'ofPromotion' | 'between'>;
  drift: Pick<DriftQueries, 'get' | 'list' | 'mute'>;
  inbox: Pick<InboxQuery, 'list'>;
  lanes: Pick<LaneQuery, 'get'>;
  promotions: Pick<PromotionQueries, 'get' | 'list'>;
  releases: Pick<ReleaseQueries, 'get' | 'list'>;
  rollouts: Pick<RolloutQuery, 'get'>;
  streams: Pick<EventStreams, 'serve'>;
  windows: Pick<WindowQuery, 'calendar'>;
  now: () => Date;
}
