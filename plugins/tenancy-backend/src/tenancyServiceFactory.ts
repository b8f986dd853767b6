import { createServiceFactory } from '@backstage/backend-plugin-api';
import { porticoDatabaseServiceRef } from '@portico/database';
import { tenancyServiceRef } from '@portico/plugin-tenancy-node';
import { createTenancyService } from './service/createTenancyService';

/** The tenancy service of the whole process, on Portico's own tables. */
export const tenancyServiceFactory = createServiceFactory({
  service: tenancyServiceRef,
  deps: { database: porticoDatabaseServiceRef },
  factory: ({ database }) => createTenancyService({ database }),
});
