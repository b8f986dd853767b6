/**
 * The roles in PostgreSQL. They belong to the whole server, so their names are fixed.
 *
 * Nobody logs in as `owner`, `tenant` or `platform`; no login that serves requests
 * is a superuser or owns a table of ours.
 */
export const roles = {
  /** Owns the schemas and tables of Portico's own plugins. */
  owner: 'portico_owner',
  /** Login of the migration step; takes the owner role. */
  migrator: 'portico_migrator',
  /** What a request does for one tenant; row-level security applies. */
  tenant: 'portico_tenant',
  /** What Portico does across tenants, with a reason. */
  platform: 'portico_platform',
  /** Login of Portico's own plugins; may take `tenant` and `platform`. */
  app: 'portico_app',
  /** Login of the stock plugins; a member of nothing. */
  stock: 'portico_stock',
  /** Login of the job workers; owns the job tables. */
  jobs: 'portico_jobs',
  /**
   * What `app` and `stock` do in production, without the right to make or change a table:
   * rows alone. Then nobody logs in as `app` or `stock`.
   */
  appServing: 'portico_app_serving',
  stockServing: 'portico_stock_serving',
  /** Login of the backup: reads every row of every tenant, and writes nothing. */
  backup: 'portico_backup',
} as const;

/** The roles that somebody logs in with, and so need a password. */
export type LoginRole = 'app' | 'stock' | 'migrator' | 'jobs';

/** A password for each login role. */
export type LoginPasswords = Record<LoginRole, string> & {
  /** Makes the logins that serve with rows alone. */
  serving?: Record<'app' | 'stock', string>;
  /** Makes the login of the backup. */
  backup?: string;
};

/** Plugins of Portico: their bookkeeping schema belongs to the login `portico_app`. */
export const porticoPluginIds: readonly string[] = [
  'audit',
  'bindings',
  'git-host',
  'local-runtime',
  'promotions',
  'tenancy',
];

/** Every plugin id that gets a schema in a portal as shipped. */
export const defaultPluginIds: readonly string[] = [
  'api-try-out',
  'app',
  'auth',
  'catalog',
  'permission',
  'scaffolder',
  'search',
  'techdocs',
  'user-settings',
  'notifications',
  'events',
  'kubernetes',
  'operation',
  ...porticoPluginIds,
];
