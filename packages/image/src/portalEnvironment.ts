import { randomBytes } from 'node:crypto';

const secret = () => randomBytes(24).toString('base64url');

/** Where the test's portal listens, and its database. */
export interface PortalPlaces {
  port: number;
  metricsPort: number;
  databasePort: number;
  /** Of the database's certificate, as the image sees it. */
  certificate: string;
  adminConnection: string;
}

/**
 * What a production portal gets from its environment: logins, keys, and outside systems
 * that nobody answers for here.
 */
export function portalEnvironment(places: PortalPlaces): {
  /** For `serve`. */
  serving: Record<string, string>;
  /** For `migrate` and `restore`: logins that the portal never has. */
  preparing: Record<string, string>;
  /** For `backup`. */
  backup: Record<string, string>;
} {
  const trust = {
    NODE_EXTRA_CA_CERTS: places.certificate,
    PGSSLMODE: 'verify-full',
  };
  const passwords = {
    PORTICO_APP_PASSWORD: secret(),
    PORTICO_STOCK_PASSWORD: secret(),
    PORTICO_JOBS_PASSWORD: secret(),
  };
  const backup = { PORTICO_BACKUP_PASSWORD: secret() };
  const server = {
    PORTICO_POSTGRES_HOST: '127.0.0.1',
    PORTICO_POSTGRES_PORT: String(places.databasePort),
  };
  const admin = new URL(places.adminConnection);
  admin.searchParams.set('sslmode', 'verify-full');
  return {
    serving: {
      ...trust,
      ...server,
      ...passwords,
      PORTICO_BASE_URL: 'https://portal.example.com',
      PORTICO_HOST: 'portal.example.com',
      PORTICO_TRUST_PROXY: '1',
      PORTICO_SEALING_KEY: secret(),
      PORTICO_AUDIT_KEY: randomBytes(32).toString('base64'),
      PORTICO_AUDIT_ORIGIN: 'portal.example.com',
      PORTICO_CHECKPOINT_REPOSITORY: 'https://git.example.invalid/audit',
      PORTICO_CHECKPOINT_USERNAME: 'portico',
      PORTICO_CHECKPOINT_PASSWORD: secret(),
      PORTICO_ADMINISTRATOR_NAME: 'pat',
      PORTICO_ADMINISTRATOR_ISSUER: 'https://login.example.invalid',
      PORTICO_ADMINISTRATOR_SUBJECT: 'pat',
      AUTH_SESSION_SECRET: secret(),
      AUTH_OIDC_METADATA_URL:
        'https://login.example.invalid/.well-known/openid-configuration',
      AUTH_OIDC_CLIENT_ID: 'portico',
      AUTH_OIDC_CLIENT_SECRET: secret(),
      PORTICO_METRICS_PORT: String(places.metricsPort),
      APP_CONFIG_backend_listen_port: String(places.port),
    },
    preparing: {
      ...trust,
      ...passwords,
      ...backup,
      PORTICO_MIGRATOR_PASSWORD: secret(),
      PORTICO_DATABASE_ADMIN_URL: admin.toString(),
    },
    backup: { ...trust, ...server, ...backup },
  };
}
