import { type Client } from 'pg';
import { type Finding } from '../matrix/Finding';

interface DefinerFunction {
  name: string;
  signature: string;
  types: string[];
}

/** Values to call with, by type; functions of another type are called with null. */
const candidates: Readonly<Record<string, (foreign: string) => string[]>> = {
  text: foreign => [`'${foreign}'`],
  'text[]': foreign => [`array['${foreign}']`],
  bigint: () => ['256', '1'],
  integer: () => ['1'],
  'bigint[]': () => ['array(select generate_series(1, 100000))::bigint[]'],
  json: foreign => [`'{"tenant":"${foreign}","chain":"${foreign}"}'`],
  jsonb: foreign => [`'{"tenant":"${foreign}","chain":"${foreign}"}'`],
  uuid: () => [`gen_random_uuid()`],
};

/**
 * Calls every function that runs with its owner's rights as the tenant role, with the id
 * of another tenant, and compares that tenant's rows. Views that do so are reported.
 */
export async function tryFunctions(
  admin: Client,
  tenants: { own: string; foreign: string },
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const views = await admin.query<{ name: string }>(
    `select c.oid::regclass::text as name
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname like 'portico\\_%' and c.relkind in ('v', 'm')
        and not coalesce(c.reloptions::text like '%security_invoker=true%', false)`,
  );
  for (const { name } of views.rows) {
    findings.push({
      kind: 'let in',
      where: `row-level security, view ${name}`,
      detail: 'it reads with its owner’s rights',
    });
  }
  const { rows: functions } = await admin.query<DefinerFunction>(
    `select format('%I.%I', n.nspname, p.proname) as name,
            p.oid::regprocedure::text as signature,
            coalesce((select json_agg(format_type(t.type, null) order by t.place)
                        from unnest(p.proargtypes) with ordinality as t (type, place)),
                     '[]') as types
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname like 'portico\\_%' and p.prosecdef
        and has_function_privilege('portico_tenant', p.oid, 'execute')`,
  );
  for (const definer of functions) {
    const finding = await tryFunction(admin, definer, tenants);
    if (finding) {
      findings.push(finding);
    }
  }
  return findings;
}

async function tryFunction(
  admin: Client,
  definer: DefinerFunction,
  { own, foreign }: { own: string; foreign: string },
): Promise<Finding | undefined> {
  const call = `select ${definer.name}(${definer.types
    .map(type => candidates[type]?.(foreign)[0] ?? `null::${type}`)
    .join(', ')})::text as result`;
  await admin.query('begin');
  try {
    const before = await digestOf(admin, foreign);
    await admin.query('savepoint call');
    let result = '';
    try {
      await admin.query('set local role portico_tenant');
      await admin.query(`set local portico.tenant = '${own}'`);
      const answer = await admin.query<{ result: string | null }>(call);
      result = answer.rows.map(row => row.result).join();
    } catch {
      await admin.query('rollback to savepoint call');
    }
    await admin.query('reset role');
    const after = await digestOf(admin, foreign);
    return before === after && !result.includes(foreign)
      ? undefined
      : {
          kind: before === after ? 'let in' : 'foreign write',
          where: `row-level security, function ${definer.signature}`,
          detail: `${call} as ${own} gives ${result.slice(0, 300)}`,
        };
  } finally {
    await admin.query('rollback');
  }
}

/** A digest of all rows of ours that belong to a tenant. */
async function digestOf(admin: Client, tenant: string): Promise<string> {
  const { rows: tables } = await admin.query<{ name: string; key: string }>(
    `select format('%I.%I', table_schema, table_name) as name,
            min(column_name) as key
       from information_schema.columns
      where table_schema like 'portico\\_%' and column_name in ('tenant', 'chain')
      group by 1 order by 1`,
  );
  const { rows } = await admin.query<{ digest: string }>(
    `select md5(string_agg(part, '' order by part)) as digest from (${tables
      .map(
        ({ name, key }) =>
          `select '${name}' || md5(t::text) as part from ${name} t where ${key} = $1`,
      )
      .join(' union all ')}) parts`,
    [tenant],
  );
  return rows[0].digest;
}
