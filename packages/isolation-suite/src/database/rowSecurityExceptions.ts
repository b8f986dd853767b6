/** Tables of ours without row-level security, and why. */
export const tablesWithoutRowSecurity: Readonly<Record<string, string>> = {
  'portico_jobs.tasks':
    'The names of the jobs that exist; no role that serves requests reads or writes it.',
};

/** Bookkeeping of the migrations, which no role that serves requests may read. */
export const migrationTable = /\.knex_migrations(?:_lock)?$/;

/**
 * Unique keys that reach over all tenants, so that whoever may insert could learn that a
 * value is taken, and why that tells nothing.
 */
export const keysOverAllTenants: Readonly<Record<string, string>> = {
  'portico_tenancy.sources (location_key)':
    'An address is the source of one tenant. Tenants register their own repositories only, whose key begins with their id; addresses elsewhere are registered by the platform.',
  'portico_promotions.events (sequence)':
    'A number that PostgreSQL draws; nobody can choose one.',
  'portico_tenancy.tenants (tenant)': 'The id of the tenant itself.',
  'portico_tenancy.device_requests (device_code_hash)':
    'The digest of a secret; a tenant may not insert.',
  'portico_tenancy.device_requests (user_code)':
    'A code of eight letters for ten minutes; a tenant may not insert.',
};
