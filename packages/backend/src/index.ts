import { createBackend } from '@backstage/backend-defaults';
import { createServiceFactory } from '@backstage/backend-plugin-api';
import { expectedMigrationsServiceRef } from '@portico/database';
import { endTelemetry } from '@portico/telemetry';
import { portalMigrations } from './portalMigrations';
import {
  CONFIGURATION_EXIT_CODE,
  ConfigurationError,
  prepareStart,
} from './start/prepareStart';

const backend = createBackend();

// The walls: who may call which route, permissions decided in process, sessions
// checked on each request. They replace core services, so they come first.
backend.add(import('@portico/walls'));

// Whether this process works in the background, or answers requests only
backend.add(import('@portico/process-role'));

// What it works with in the database, and how the installation is doing
backend.add(
  createServiceFactory({
    service: expectedMigrationsServiceRef,
    deps: {},
    factory: () => portalMigrations,
  }),
);
backend.add(import('@portico/plugin-operation-backend'));

// Tenants, people, sources and sessions
backend.add(import('@portico/plugin-tenancy-backend'));

// The audit: acts recorded in their own transaction, chained and signed
backend.add(import('@portico/plugin-audit-backend'));

// The app itself
backend.add(import('@backstage/plugin-app-backend'));

// Sign-in
backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@portico/plugin-auth-backend-module-personas'));
backend.add(import('@portico/plugin-auth-backend-module-tenancy'));

// Permissions: the same policy object that the walls decide with
backend.add(import('@backstage/plugin-permission-backend'));
backend.add(import('@portico/plugin-permission-backend-module-tenancy'));

// Bindings: which external resources a tenant may use
backend.add(import('@portico/plugin-bindings-backend'));

// Git host
backend.add(import('@portico/plugin-git-host-backend'));

// Catalog
backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(
  import('@backstage/plugin-catalog-backend-module-scaffolder-entity-model'),
);
backend.add(import('@backstage/plugin-catalog-backend-module-logs'));
backend.add(import('@portico/plugin-catalog-backend-module-tenancy'));

// Clusters, as far as their namespaces are bound
backend.add(import('@backstage/plugin-kubernetes-backend'));
backend.add(import('@portico/plugin-kubernetes-backend-module-tenancy'));

// The local runtime: builds and runs what is pushed, on a machine of development
backend.add(import('@portico/plugin-local-runtime-backend'));

// Promotions: governed delivery from environment to environment
backend.add(import('@portico/plugin-promotions-backend'));
backend.add(import('@portico/plugin-promotions-backend-module-argocd'));
backend.add(import('@portico/plugin-promotions-backend-module-git-hosts'));
backend.add(import('@portico/plugin-promotions-backend-module-local-runtime'));
backend.add(import('@portico/plugin-promotions-backend-module-nats'));
backend.add(import('@portico/plugin-promotions-backend-module-opa'));
backend.add(import('@portico/plugin-promotions-backend-module-prometheus'));

// Golden paths
backend.add(import('@backstage/plugin-scaffolder-backend'));
backend.add(import('@backstage/plugin-scaffolder-backend-module-gitea'));
backend.add(import('@backstage/plugin-scaffolder-backend-module-github'));
backend.add(import('@backstage/plugin-scaffolder-backend-module-gitlab'));
backend.add(
  import('@backstage/plugin-scaffolder-backend-module-notifications'),
);
backend.add(import('@portico/plugin-scaffolder-backend-module-git-host'));
backend.add(import('@portico/plugin-scaffolder-backend-module-promotions'));

// Requests to APIs from their pages, as far as their servers are granted
backend.add(import('@portico/plugin-api-try-out-backend'));

// Docs
backend.add(import('@backstage/plugin-techdocs-backend'));

// Search
backend.add(import('@backstage/plugin-search-backend'));
backend.add(import('@backstage/plugin-search-backend-module-pg'));
backend.add(import('@backstage/plugin-search-backend-module-catalog'));
backend.add(import('@backstage/plugin-search-backend-module-techdocs'));

// What belongs to a person
backend.add(import('@backstage/plugin-user-settings-backend'));
backend.add(import('@backstage/plugin-notifications-backend'));

async function start(): Promise<void> {
  const telemetry = await prepareStart(process.argv, process.env);
  backend.add(endTelemetry(telemetry));
  await backend.start();
}

start().catch(error => {
  if (error instanceof ConfigurationError) {
    process.stderr.write(`${error.message}\n`);
    process.exit(CONFIGURATION_EXIT_CODE);
  }
  process.stderr.write(`The portal could not start: ${error}\n`);
  process.exit(1);
});
