import { authServiceFactory } from '@backstage/backend-defaults/auth';
import { databaseServiceFactory } from '@backstage/backend-defaults/database';
import { httpAuthServiceFactory } from '@backstage/backend-defaults/httpAuth';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import authPlugin from '@backstage/plugin-auth-backend';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { type JsonObject } from '@backstage/types';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import authModulePersonas from '@portico/plugin-auth-backend-module-personas';
import tenancyPlugin, {
  tenancyMigrations,
} from '@portico/plugin-tenancy-backend';
import authModuleTenancy from '../index';

// The store of stock sign-in deletes old sessions each minute until the process ends, also
// when the backend has stopped and its database is gone: in whatever test runs by then.
jest.mock('connect-session-knex', () => {
  const withStoresOf = jest.requireActual('connect-session-knex');
  return (session: unknown) => {
    const Store = withStoresOf(session);
    return function StoreWithoutCleanUp(options: object) {
      return new Store({ ...options, disableDbCleanup: true });
    };
  };
});

/** A portal with sign-in and tenancy, real tokens and a real database. */
export interface TestPortal {
  url: string;
  testDatabase: TestDatabase;
  stop(): Promise<void>;
}

/** Starts a portal whose sign-in has the given providers besides personas. */
export async function startPortal(providers: JsonObject): Promise<TestPortal> {
  const testDatabase = await TestDatabase.create({
    migrations: [auditMigrations, tenancyMigrations],
  });
  const { backend: databases, ...rest } = testDatabase.config;
  const backend = await startTestBackend({
    features: [
      authPlugin,
      authModulePersonas,
      authModuleTenancy,
      tenancyPlugin,
      authServiceFactory,
      httpAuthServiceFactory,
      databaseServiceFactory,
      catalogServiceMock.factory(),
      mockServices.rootConfig.factory({
        data: {
          ...rest,
          app: { baseUrl: 'http://localhost:3000' },
          backend: {
            ...(databases as JsonObject),
            baseUrl: 'http://localhost:7007',
            listen: { host: 'localhost', port: 7007 },
          },
          auth: {
            environment: 'development',
            session: { secret: 'session-secret-of-the-test' },
            providers: { persona: {}, ...providers },
          },
        },
      }),
    ],
  });
  return {
    url: `http://localhost:${backend.server.port()}`,
    testDatabase,
    async stop() {
      await backend.stop();
      await testDatabase.destroy();
    },
  };
}
