import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { ScmIntegrations } from '@backstage/integration';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { gitHostServiceRef } from '@portico/plugin-git-host-node';
import { tenancyServiceRef } from '@portico/plugin-tenancy-node';
import { createFetchTemplateAction } from './actions/createFetchTemplateAction';
import { createPublishAction } from './actions/createPublishAction';
import { createRegisterAction } from './actions/createRegisterAction';

/** The actions with which golden paths read, write and register repositories of the Git host. */
export const scaffolderModuleGitHost = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'git-host',
  register(env) {
    env.registerInit({
      deps: {
        actions: scaffolderActionsExtensionPoint,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        events: eventsServiceRef,
        gitHost: gitHostServiceRef,
        permissions: coreServices.permissions,
        tenancy: tenancyServiceRef,
      },
      async init({ actions, config, ...services }) {
        const integrations = ScmIntegrations.fromConfig(config);
        actions.addActions(
          createFetchTemplateAction({ ...services, integrations }),
          createPublishAction(services),
          createRegisterAction(services),
        );
      },
    });
  },
});
