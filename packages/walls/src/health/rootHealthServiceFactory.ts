import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  expectedMigrationsServiceRef,
  porticoDatabaseServiceRef,
} from '@portico/database';
import { DatabaseHealth } from './DatabaseHealth';

/** Health that looks at the database, which the stock one does not. */
export const rootHealthServiceFactory = createServiceFactory({
  service: coreServices.rootHealth,
  deps: {
    database: porticoDatabaseServiceRef,
    lifecycle: coreServices.rootLifecycle,
    migrations: expectedMigrationsServiceRef,
  },
  factory: options => new DatabaseHealth(options),
});
