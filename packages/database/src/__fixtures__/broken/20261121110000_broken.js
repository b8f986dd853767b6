// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.raw('create table portico_broken.half (id int)');
  await knex.raw('select nonsense');
};

exports.down = async function down() {};
