// One real ingestion on the stock side, compared with the rows that the loader writes.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { signIn } from './backends.mjs';
import { makeDataSet, refOf } from './dataSet.mjs';
import { rowsOf } from './loadData.mjs';
import { withDatabase } from './postgres.mjs';

const probe = '/api/catalog/entities/by-name/benchmark/probe/ingest';

export async function shape({ stock, folder, postgres, figures }) {
  const given = makeDataSet({ entities: 200, tenants: 2, seed: 7 }).entities;
  // Names of their own, so that they meet nothing that is loaded already.
  const renamed = JSON.parse(
    JSON.stringify(given).replaceAll(/\b(t00[12]|sweep)(?=["/])/g, 'shape-$1'),
  );
  const file = join(folder, 'shape.json');
  const token = await signIn(stock, 'user:t001/allow-all');
  const ingest = async entities => {
    writeFileSync(
      file,
      JSON.stringify(entities.map(({ relations, ...entity }) => entity)),
    );
    await stock.json(token, {
      path: `${probe}?file=${encodeURIComponent(file)}`,
    });
  };
  const start = performance.now();
  await ingest(renamed);
  await withDatabase(postgres, 'stock_catalog', async client => {
    const refs = renamed.map(refOf);
    for (;;) {
      const { rows } = await client.query(
        `select (select count(*)::int from final_entities where entity_ref = any($1) and final_entity is not null) as final,
                (select count(*)::int from stitch_queue) as queue`,
        [refs],
      );
      if (rows[0].final === refs.length && rows[0].queue === 0) break;
      if (performance.now() - start > 120_000) {
        throw new Error(
          `Only ${rows[0].final} of ${refs.length} entities were ingested within two minutes`,
        );
      }
      await delay(200);
    }
    const seconds = (performance.now() - start) / 1000;
    const differences = [];
    for (const entity of renamed) {
      const ref = refOf(entity);
      const own = rowsOf(entity);
      const { rows } = await client.query(
        `select entity_id, final_entity from final_entities where entity_ref = $1`,
        [ref],
      );
      const search = await client.query(
        `select key, value, original_value from search where entity_id = $1`,
        [rows[0].entity_id],
      );
      const relations = await client.query(
        `select source_entity_ref, type, target_entity_ref from relations where originating_entity_id = $1`,
        [rows[0].entity_id],
      );
      const pairs = [
        ['entity', plain(JSON.parse(rows[0].final_entity)), plain(own.final)],
        ['search rows', searchText(search.rows), searchText(own.search)],
        [
          'relations',
          texts(relations.rows.map(Object.values)),
          texts(own.relations.map(([, ...rest]) => rest)),
        ],
      ];
      for (const [what, theirs, ours] of pairs) {
        if (theirs !== ours) differences.push({ ref, what, theirs, ours });
      }
    }
    console.log(
      `\nOne real ingestion of ${
        renamed.length
      } entities took ${seconds.toFixed(1)} s; ${
        differences.length
      } differences between its rows and the loader's.`,
    );
    for (const { ref, what, theirs, ours } of differences.slice(0, 3)) {
      console.log(
        `  ${ref}, ${what}:\n    ingested ${theirs.slice(
          0,
          1500,
        )}\n    loaded   ${ours.slice(0, 1500)}`,
      );
    }
    figures.aim(
      'the loader writes what an ingestion writes',
      `${differences.length} of ${renamed.length} entities differ`,
      differences.length === 0,
    );
    await ingest([]);
    await client.query(`vacuum analyze search; `);
  });
}

/** Without what is random: ids, and the digest over them. */
function plain(entity) {
  const { uid, etag, ...metadata } = entity.metadata;
  const sorted = value =>
    Array.isArray(value)
      ? value.map(sorted)
      : value && typeof value === 'object'
      ? Object.fromEntries(
          Object.keys(value)
            .sort()
            .map(key => [key, sorted(value[key])]),
        )
      : value;
  return JSON.stringify(sorted({ ...entity, metadata }));
}

function searchText(rows) {
  return texts(
    rows
      .filter(({ key }) => key !== 'metadata.uid')
      .map(({ key, value, original_value: original }) => [
        key,
        value,
        original,
      ]),
  );
}

function texts(rows) {
  return rows
    .map(row => JSON.stringify(row))
    .sort()
    .join('\n');
}
