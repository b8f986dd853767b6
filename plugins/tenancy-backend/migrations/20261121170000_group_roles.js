// @ts-check

/**
 * Roles that each member of a group holds: how groups of a directory give rights.
 */

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    alter table portico_tenancy.groups
      add column roles text[] not null default '{}',
      -- platform-wide roles belong to people of the platform alone
      add constraint groups_roles_of_platform
        check (tenant = 'default' or not roles && array['platform-admin', 'auditor']);
  `);
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw('alter table portico_tenancy.groups drop column roles');
};
