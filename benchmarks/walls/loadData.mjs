// Writes the data set into the tables of a catalog, and people into Portico's own tables.
import { createHash } from 'node:crypto';
import { declaredRelations, entityId, refOf } from './dataSet.mjs';
import { load } from './load.mjs';
import { withDatabase } from './postgres.mjs';

const { buildEntitySearch } = load(
  '../../node_modules/@backstage/plugin-catalog-backend/dist/database/operations/stitcher/buildEntitySearch.cjs.js',
);
const { PERSONA_ISSUER } = load('@portico/plugin-tenancy-common');

const digest = text => createHash('sha1').update(text).digest('hex');

/** What the catalog keeps for one entity: the rows of its five tables. */
export function rowsOf(entity) {
  const ref = refOf(entity);
  const id = entityId(ref);
  const { relations, ...processed } = entity;
  const hash = digest(JSON.stringify(entity));
  const final = {
    ...entity,
    metadata: { ...entity.metadata, uid: id, etag: hash },
  };
  return {
    ref,
    id,
    hash,
    final,
    processed: JSON.stringify(processed),
    search: buildEntitySearch(id, final),
    relations: declaredRelations(entity).flatMap(({ there, back, target }) => [
      [id, ref, there, target],
      [id, target, back, ref],
    ]),
  };
}

/** Fills an empty catalog, in one transaction without triggers; then statistics. */
export async function loadCatalog({ postgres, database, schema, entities }) {
  await withDatabase(postgres, database, async client => {
    const insert = async (table, columns, rows) => {
      if (rows.length === 0) return;
      const arrays = columns.map((_, column) => rows.map(row => row[column]));
      await client.query(
        `insert into ${schema}.${table} (${columns
          .map(([name]) => name)
          .join()})
         select ${columns
           .map(([name, , expression]) => expression ?? name)
           .join()}
           from unnest(${columns
             .map(([, type], i) => `$${i + 1}::${type}[]`)
             .join()})
             as given (${columns.map(([name]) => name).join()})`,
        arrays,
      );
    };
    await client.query('begin; set local session_replication_role = replica');
    for (let start = 0; start < entities.length; start += 1000) {
      const rows = entities.slice(start, start + 1000).map(rowsOf);
      await insert(
        'refresh_state',
        [
          ['entity_id', 'text'],
          ['entity_ref', 'text'],
          ['unprocessed_entity', 'text'],
          ['processed_entity', 'text'],
          ['errors', 'text'],
          ['location_key', 'text'],
          ['unprocessed_hash', 'text'],
          ['result_hash', 'text'],
          ['next_update_at', 'text', 'next_update_at::timestamptz'],
          ['last_discovery_at', 'text', 'last_discovery_at::timestamptz'],
        ],
        rows.map(row => [
          row.id,
          row.ref,
          row.processed,
          row.processed,
          '[]',
          'benchmark',
          row.hash,
          row.hash,
          '2099-01-01',
          '2026-11-01',
        ]),
      );
      await insert(
        'refresh_state_references',
        [
          ['source_key', 'text'],
          ['target_entity_ref', 'text'],
        ],
        rows.map(row => ['benchmark', row.ref]),
      );
      await insert(
        'final_entities',
        [
          ['entity_id', 'text'],
          ['entity_ref', 'text'],
          ['hash', 'text'],
          ['final_entity', 'text'],
          ['last_updated_at', 'text', 'last_updated_at::timestamptz'],
        ],
        rows.map(row => [
          row.id,
          row.ref,
          row.hash,
          JSON.stringify(row.final),
          '2026-11-01',
        ]),
      );
      await insert(
        'relations',
        [
          ['originating_entity_id', 'text'],
          ['source_entity_ref', 'text'],
          ['type', 'text'],
          ['target_entity_ref', 'text'],
        ],
        rows.flatMap(row => row.relations),
      );
      await insert(
        'search',
        [
          ['entity_id', 'text'],
          ['key', 'text'],
          ['value', 'text'],
          ['original_value', 'text'],
        ],
        rows.flatMap(row =>
          row.search.map(s => [s.entity_id, s.key, s.value, s.original_value]),
        ),
      );
    }
    await client.query('commit');
    // As migration 20260904000000 of the catalog does it on a full table.
    const { rows } = await client.query(
      `select -count(distinct entity_id)::double precision / count(*) as share from ${schema}.search`,
    );
    await client.query(
      `alter table ${schema}.search alter column entity_id set (n_distinct = ${Number(
        rows[0].share,
      )})`,
    );
    for (const table of [
      'search',
      'final_entities',
      'relations',
      'refresh_state',
      'refresh_state_references',
    ]) {
      await client.query(`vacuum analyze ${schema}.${table}`);
    }
  });
}

/** Tenants, groups and people; of a data set without tenants the platform's one person. */
export async function loadPeople({ postgres, dataSet }) {
  await withDatabase(postgres, 'portico', async client => {
    const rows = dataSet.tenants.flatMap(({ id, people }) =>
      people.map(person => ({ tenant: id, ...person })),
    );
    if (rows.length === 0) {
      rows.push({
        tenant: 'default',
        name: 'pat',
        roles: ['platform-admin'],
        memberOf: [],
      });
    }
    await client.query('begin');
    await client.query(
      `insert into portico_tenancy.tenants (tenant, title) select id, id from unnest($1::text[]) id
       on conflict do nothing`,
      [dataSet.tenants.map(({ id }) => id)],
    );
    const groups = dataSet.tenants.flatMap(({ id, groups: own }) =>
      own.map(name => [id, name]),
    );
    await client.query(
      `insert into portico_tenancy.groups (tenant, name, display_name, type)
       select tenant, name, name, 'team' from unnest($1::text[], $2::text[]) g (tenant, name)`,
      [groups.map(([tenant]) => tenant), groups.map(([, name]) => name)],
    );
    for (const { tenant, name, roles, memberOf } of rows) {
      await client.query(
        `insert into portico_tenancy.members (tenant, name, kind, display_name, roles)
         values ($1, $2, 'person', $2, $3)`,
        [tenant, name, roles],
      );
      await client.query(
        `insert into portico_tenancy.member_identities (tenant, member, issuer, subject)
         values ($1, $2, $3, $4)`,
        [tenant, name, PERSONA_ISSUER, `user:${tenant}/${name}`],
      );
      await client.query(
        `insert into portico_tenancy.group_memberships (tenant, member, group_name)
         select $1, $2, name from unnest($3::text[]) name`,
        [tenant, name, memberOf],
      );
    }
    await client.query('commit; analyze');
  });
}
