import { type BackendFeature } from '@backstage/backend-plugin-api';
import { authServiceFactory } from '@backstage/backend-defaults/auth';
import { databaseServiceFactory } from '@backstage/backend-defaults/database';
import { httpAuthServiceFactory } from '@backstage/backend-defaults/httpAuth';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { type JsonObject } from '@backstage/types';
import { type TestDatabase } from '@portico/database/testUtils';
import { tenancyServiceFactory } from '@portico/plugin-tenancy-backend';
import authPlugin from '@backstage/plugin-auth-backend';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import authModuleTenancy from '../index';

/** The auth plugin with Portico's sign-in, real tokens and a real database. */
export async function startPortal(options: {
  testDatabase: TestDatabase;
  providers: JsonObject;
  features?: BackendFeature[];
}) {
  const { testDatabase, providers, features = [] } = options;
  const backend = await startTestBackend({
    features: [
      authPlugin,
      authModuleTenancy,
      tenancyServiceFactory,
      authServiceFactory,
      httpAuthServiceFactory,
      databaseServiceFactory,
      catalogServiceMock.factory(),
      ...features,
      mockServices.rootConfig.factory({
        data: {
          app: { baseUrl: 'http://localhost:3000' },
          ...testDatabase.config,
          auth: {
            environment: 'development',
            session: { secret: 'session-secret-of-the-test' },
            providers,
          },
        },
      }),
    ],
  });
  const port = backend.server.port();
  return {
    url: `http://localhost:${port}`,
    stop: () => backend.stop(),
  };
}
