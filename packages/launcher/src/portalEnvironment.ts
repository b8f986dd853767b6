import { RUNTIME_PORT_OFFSET } from '@portico/plugin-local-runtime-common';
import { resolve } from 'path';
import { demoFile } from './DemoFile';
import { type PostgresServer } from './PostgresServer';
import { type Secrets } from './readSecrets';
import { type StartOptions } from './StartOptions';

/** Port of the app's development server in `yarn dev`. */
const devAppPort = 3000;

/** The address at which people open the portal. */
export function portalAddress(options: StartOptions): string {
  return `http://localhost:${options.dev ? devAppPort : options.port}`;
}

/** Where the local runtime listens, on loopback. */
export function runtimePort(options: StartOptions): number {
  const wished = Number(process.env.PORTICO_RUNTIME_PORT);
  if (wished > 0) return wished;
  // the last ports have none above them
  const above = options.port + RUNTIME_PORT_OFFSET;
  return above <= 65_535 ? above : options.port - RUNTIME_PORT_OFFSET;
}

/** What app-config.yaml takes from the environment. */
export function portalEnvironment(
  options: StartOptions,
  secrets: Secrets,
  postgres: PostgresServer,
): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_ENV: 'development',
    PORTICO_PORT: String(options.port),
    PORTICO_POSTGRES_HOST: postgres.host,
    PORTICO_POSTGRES_PORT: String(postgres.port),
    PORTICO_APP_PASSWORD: secrets.app,
    PORTICO_STOCK_PASSWORD: secrets.stock,
    PORTICO_JOBS_PASSWORD: secrets.jobs,
    PORTICO_GIT_DIRECTORY: resolve(options.data, 'git'),
    PORTICO_DOCS_DIRECTORY: resolve(options.data, 'docs'),
    PORTICO_SEALING_KEY: secrets.backend,
    PORTICO_AUDIT_KEY: secrets.audit,
    PORTICO_CHECKPOINT_DIRECTORY: resolve(options.data, 'checkpoints'),
    PORTICO_RUNTIME_URL: `http://127.0.0.1:${runtimePort(options)}`,
    PORTICO_RUNTIME_TOKEN: secrets.runtime,
    PORTICO_DEMO_FILE: demoFile(options.data),
    ...addressOverrides(options),
  };
}

/** What the migration step needs besides: logins that the portal never gets. */
export function migrationEnvironment(
  secrets: Secrets,
  postgres: PostgresServer,
): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PORTICO_DATABASE_ADMIN_URL: postgres.adminConnection,
    PORTICO_APP_PASSWORD: secrets.app,
    PORTICO_STOCK_PASSWORD: secrets.stock,
    PORTICO_MIGRATOR_PASSWORD: secrets.migrator,
    PORTICO_JOBS_PASSWORD: secrets.jobs,
  };
}

/** Backstage reads `APP_CONFIG_a_b` as the key `a.b`; needed for other ports only. */
function addressOverrides(options: StartOptions): NodeJS.ProcessEnv {
  if (options.port === 7007 && !options.dev) return {};
  const backend = `http://localhost:${options.port}`;
  const app = portalAddress(options);
  return {
    APP_CONFIG_app_baseUrl: app,
    APP_CONFIG_backend_baseUrl: backend,
    APP_CONFIG_backend_listen_port: String(options.port),
    APP_CONFIG_backend_cors_origin: app,
    APP_CONFIG_scaffolder_defaultEnvironment_parameters_portalUrl: app,
    APP_CONFIG_integrations_gitea: JSON.stringify([
      {
        host: `localhost:${options.port}`,
        baseUrl: `${backend}/api/git-host`,
      },
    ]),
  };
}
