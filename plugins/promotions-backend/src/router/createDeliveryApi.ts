import {
  type HttpAuthService,
  type LoggerService,
  type PermissionsService,
} from '@backstage/backend-plugin-api';
import { type CatalogService } from '@backstage/plugin-catalog-node';
import { type PorticoDatabase } from '@portico/database';
import { type TenancyService } from '@portico/plugin-tenancy-node';
import { type Router } from 'express';
import { type DeploymentDiffer } from '../diff/DeploymentDiffer';
import { type DeliveryDrivers } from '../effects/DeliveryDrivers';
import {
  type EffectRunner,
  type PipelineResolver,
  type Proposer,
} from '../engine/EngineParts';
import { BoardQuery } from '../queries/BoardQuery';
import { DeploymentQueries } from '../queries/DeploymentQueries';
import { DiffQueries } from '../queries/DiffQueries';
import { DriftQueries } from '../queries/DriftQueries';
import { InboxQuery } from '../queries/InboxQuery';
import { LaneQuery } from '../queries/LaneQuery';
import { Observations } from '../queries/Observations';
import { PromotionDetailQuery } from '../queries/PromotionDetailQuery';
import { PromotionQueries } from '../queries/PromotionQueries';
import { ReleaseQueries } from '../queries/ReleaseQueries';
import { RolloutQuery } from '../queries/RolloutQuery';
import { WindowQuery } from '../queries/WindowQuery';
import { type PromotionService } from '../service/PromotionService';
import { createRouter } from './createRouter';
import { DeliveryAccess } from './DeliveryAccess';
import { EventFeed } from './events/EventFeed';
import { EventStreams } from './events/EventStreams';

/** What the API of delivery is made from. */
export interface DeliveryApiOptions {
  catalog: CatalogService;
  database: PorticoDatabase;
  httpAuth: HttpAuthService;
  logger: LoggerService;
  permissions: PermissionsService;
  tenancy: Pick<TenancyService, 'principal' | 'directory'>;
  acts: PromotionService;
  differ: DeploymentDiffer;
  drivers: Pick<DeliveryDrivers, 'progress'>;
  observer: Pick<EffectRunner, 'observe'>;
  proposer: Proposer;
  resolver: PipelineResolver;
  now: () => Date;
  /** Milliseconds between heartbeats of event streams; 15 seconds unless told. */
  heartbeatMilliseconds?: number;
}

/**
 * Puts the API of delivery together.
 *
 * @returns the routes, and what ends the event streams
 */
export function createDeliveryApi(options: DeliveryApiOptions): {
  router: Router;
  close: () => void;
} {
  const { directory } = options.tenancy;
  const access = new DeliveryAccess(options);
  const observations = new Observations(options);
  const feed = new EventFeed(options);
  const streams = new EventStreams({ ...options, feed });
  const router = createRouter({
    ...options,
    access,
    board: new BoardQuery({ ...options, access, observations }),
    deployments: new DeploymentQueries(options),
    details: new PromotionDetailQuery({ ...options, directory }),
    diffs: new DiffQueries(options),
    drift: new DriftQueries(options),
    inbox: new InboxQuery({ ...options, directory }),
    lanes: new LaneQuery({ ...options, observations }),
    promotions: new PromotionQueries(options),
    releases: new ReleaseQueries(options),
    rollouts: new RolloutQuery(options),
    streams,
    windows: new WindowQuery(options),
  });
  return {
    router,
    close: () => {
      streams.close();
      feed.close();
    },
  };
}
