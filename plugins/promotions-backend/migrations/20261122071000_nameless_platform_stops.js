// @ts-check

const { createHash } = require('node:crypto');

/**
 * Tenants do not learn who works for the platform. Gates that were asked while the platform
 * stopped the line wrote that down before this was so: the names are taken out of what
 * tenants keep, and the digest of the evidence is that of what is kept.
 */

const NAME = 'user:default/';
/** What is too large was cut in the middle of JSON. */
const NAME_IN_CUT = /"by":"user:default\/[^"]*"?,?/g;
const NAME_IN_REASON = 'user:default/\\S+(?= stopped the line)';

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  const tables = ['gate_results', 'transitions', 'promotions'];
  // Row security hides every row from the owner, too, as long as it is forced.
  for (const table of tables) {
    await knex.raw(
      `alter table portico_promotions.${table} no force row level security`,
    );
  }
  for (const table of tables) {
    await knex.raw(
      `update portico_promotions.${table}
          set reason = regexp_replace(reason, :name, 'The platform', 'g')
        where tenant <> 'default' and reason ~ :name`,
      { name: NAME_IN_REASON },
    );
  }
  const { rows } = await knex.raw(
    `select tenant, promotion, sequence, evidence from portico_promotions.gate_results
      where tenant <> 'default' and kind = 'freeze' and evidence::text like ?`,
    [`%${NAME}%`],
  );
  for (const { tenant, promotion, sequence, evidence } of rows) {
    const nameless = canonical(withoutNames(evidence));
    await knex.raw(
      `update portico_promotions.gate_results set evidence = ?, evidence_digest = ?
        where tenant = ? and promotion = ? and sequence = ?`,
      [
        nameless,
        `sha256:${createHash('sha256').update(nameless).digest('hex')}`,
        tenant,
        promotion,
        sequence,
      ],
    );
  }
  for (const table of tables) {
    await knex.raw(
      `alter table portico_promotions.${table} force row level security`,
    );
  }
};

/** The names are gone, which is what they are to be. */
exports.down = async function down() {};

/** @param {any} evidence - as the freeze gate wrote it, whole or cut */
function withoutNames(evidence) {
  const { stops, beginning } = evidence;
  return {
    ...evidence,
    ...(Array.isArray(stops) && { stops: stops.map(withoutName) }),
    ...(typeof beginning === 'string' && {
      beginning: beginning.replaceAll(NAME_IN_CUT, ''),
    }),
  };
}

/** @param {any} stop */
function withoutName(stop) {
  const { by, ...rest } = stop;
  return typeof by === 'string' && by.startsWith(NAME) ? rest : stop;
}

/**
 * JSON with sorted keys, as digests of evidence are made of.
 *
 * @param {any} value
 * @returns {string}
 */
function canonical(value) {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.keys(value)
      .sort()
      .map(key => `${JSON.stringify(key)}:${canonical(value[key])}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}
