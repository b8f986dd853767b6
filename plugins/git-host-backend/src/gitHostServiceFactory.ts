import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { porticoDatabaseServiceRef } from '@portico/database';
import { gitHostServiceRef } from '@portico/plugin-git-host-node';
import { readGitHostConfig } from './config/readGitHostConfig';
import { DefaultGitHostService } from './DefaultGitHostService';

/** The whole Git host, for the plugin itself; others use `gitHostServiceRef`. */
export const defaultGitHostServiceRef = createServiceRef<DefaultGitHostService>(
  {
    id: 'portico.git-host.default',
    scope: 'root',
    defaultFactory: async service =>
      createServiceFactory({
        service,
        deps: {
          config: coreServices.rootConfig,
          database: porticoDatabaseServiceRef,
          logger: coreServices.rootLogger,
          lifecycle: coreServices.rootLifecycle,
        },
        async factory({ config, database, logger, lifecycle }) {
          const gitHost = await DefaultGitHostService.create({
            config: readGitHostConfig(config),
            database,
            logger: logger.child({ service: 'git-host' }),
          });
          lifecycle.addShutdownHook(() => gitHost.processes.endAll());
          return gitHost;
        },
      }),
  },
);

/** Provides `gitHostServiceRef` with the Git host of this process. */
export const gitHostServiceFactory = createServiceFactory({
  service: gitHostServiceRef,
  deps: { gitHost: defaultGitHostServiceRef },
  factory: ({ gitHost }) => gitHost,
});
