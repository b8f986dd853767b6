import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { promotionsServiceRef } from '@portico/plugin-promotions-node';
import { tenancyServiceRef } from '@portico/plugin-tenancy-node';
import { createPromotionGateAction } from './actions/createPromotionGateAction';

/** The action with which golden paths ask for promotions. */
export const scaffolderModulePromotions = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'promotions',
  register(env) {
    env.registerInit({
      deps: {
        actions: scaffolderActionsExtensionPoint,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        permissions: coreServices.permissions,
        promotions: promotionsServiceRef,
        tenancy: tenancyServiceRef,
      },
      async init({ actions, config, ...services }) {
        actions.addActions(
          createPromotionGateAction({
            ...services,
            appUrl: config.getString('app.baseUrl').replace(/\/$/, ''),
          }),
        );
      },
    });
  },
});
