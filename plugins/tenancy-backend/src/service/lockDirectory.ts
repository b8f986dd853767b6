import { type Knex } from 'knex';

/**
 * Lets one change of a tenant's people and groups happen at a time, until the end
 * of the transaction: rules such as "one administrator stays" look at several rows.
 */
export async function lockDirectory(
  transaction: Knex.Transaction,
  tenant: string,
): Promise<void> {
  await transaction.raw(
    `select pg_advisory_xact_lock(hashtextextended('portico_tenancy.members:' || ?, 0))`,
    [tenant],
  );
}
