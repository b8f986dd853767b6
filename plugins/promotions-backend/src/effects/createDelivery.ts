import { type PorticoDatabase } from '@portico/database';
import { type GitHostService } from '@portico/plugin-git-host-node';
import {
  type DeliveryDriver,
  type DeploymentRepositoryHost,
} from '@portico/plugin-promotions-node';
import { DeliveryDrivers } from './DeliveryDrivers';
import { DeploymentEffectRunner } from './DeploymentEffectRunner';
import { DeploymentProposer } from './DeploymentProposer';
import { DeploymentRepositories } from './DeploymentRepositories';
import { EmbeddedRepositoryHost } from './EmbeddedRepositoryHost';
import { SourceFiles } from './SourceFiles';
import { SourceReplicas } from './SourceReplicas';

/** Everything that touches the outside for a promotion, put together. */
export function createDelivery(options: {
  database: PorticoDatabase;
  gitHost: GitHostService;
  /** Those that modules added. */
  hosts: readonly DeploymentRepositoryHost[];
  drivers: readonly DeliveryDriver[];
  now: () => Date;
  /** The page of a promotion. */
  urlOf?: (promotion: string) => string | undefined;
  /** For tests, which end the process there. */
  onPoint?: (label: string) => Promise<void>;
}) {
  const { database, gitHost, now } = options;
  const repositories = new DeploymentRepositories({
    hosts: [new EmbeddedRepositoryHost({ gitHost }), ...options.hosts],
  });
  const drivers = new DeliveryDrivers({ drivers: options.drivers, now });
  const source = new SourceFiles({ gitHost });
  const proposer = new DeploymentProposer({
    repositories,
    drivers,
    replicas: new SourceReplicas({ source }),
    source,
  });
  const runner = new DeploymentEffectRunner({
    database,
    repositories,
    drivers,
    proposer,
    now,
    urlOf: options.urlOf,
    onPoint: options.onPoint,
  });
  return { repositories, drivers, proposer, runner };
}
