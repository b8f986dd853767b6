import { type Config } from '@backstage/config';
import { type GitHostService } from '@portico/plugin-git-host-node';
import { type SourceRepositoryHost } from '@portico/plugin-promotions-node';
import { type TenancyService } from '@portico/plugin-tenancy-node';
import { type DeploymentRepositories } from '../effects/DeploymentRepositories';
import { EmbeddedSourceHost } from './commits/EmbeddedSourceHost';
import { HostSourceCommits } from './commits/HostSourceCommits';
import { readPriceBook } from './cost/PriceBook';
import { DefaultDeploymentDiffer } from './DefaultDeploymentDiffer';
import { DiffSources } from './DiffSources';
import { ManifestsOfSides } from './ManifestsOfSides';
import { ManifestRenderer } from './rendering/ManifestRenderer';

/** Everything that works out diffs, put together. */
export function createDeploymentDiffer(options: {
  config: Config;
  gitHost: GitHostService;
  repositories: DeploymentRepositories;
  /** Those that modules added. */
  sourceHosts?: readonly SourceRepositoryHost[];
  tenancy: TenancyService;
  /** Another one in tests. */
  renderer?: ManifestRenderer;
}) {
  const { config, gitHost, repositories, tenancy } = options;
  const sources = new DiffSources({ gitHost, repositories });
  const commits = new HostSourceCommits([
    new EmbeddedSourceHost(gitHost),
    ...(options.sourceHosts ?? []),
  ]);
  const differ = new DefaultDeploymentDiffer({
    sources,
    commits,
    manifests: new ManifestsOfSides({
      sources,
      renderer: options.renderer ?? new ManifestRenderer(),
    }),
    directory: tenancy.directory,
    prices: readPriceBook(config),
  });
  return { differ, commits };
}
