import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { porticoDatabaseServiceRef } from '@portico/database';
import { bindingsServiceRef } from '@portico/plugin-bindings-node';
import { tenancyServiceRef } from '@portico/plugin-tenancy-node';
import { createStores } from './createStores';
import { createBindingsService } from './service/createBindingsService';

/** The bindings service of each plugin; it reads the catalog as that plugin. */
export const bindingsServiceFactory = createServiceFactory({
  service: bindingsServiceRef,
  deps: {
    auth: coreServices.auth,
    catalog: catalogServiceRef,
    config: coreServices.rootConfig,
    database: porticoDatabaseServiceRef,
    tenancy: tenancyServiceRef,
  },
  createRootContext: ({ config, database }) =>
    createStores({ config, database }),
  factory: ({ auth, catalog, tenancy }, stores) =>
    createBindingsService({ auth, catalog, tenancy, ...stores }),
});
