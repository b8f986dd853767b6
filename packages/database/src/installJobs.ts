import { runMigrations } from 'graphile-worker';
import { type Pool } from 'pg';
import { roles } from './roles';

/**
 * The one way for a tenant to put a job on the queue. The job tables themselves
 * are closed, so the function runs as their owner: it takes only known tasks, and
 * writes the tenant of the transaction into the payload.
 */
const enqueueFunction = `
  create table if not exists portico_jobs.tasks (
    name text primary key check (name ~ '^[a-z][a-z0-9.:-]{1,99}$')
  );
  grant usage on schema portico_jobs to ${roles.owner}, ${roles.tenant};
  grant select, insert on portico_jobs.tasks to ${roles.owner};

  -- its first form took no key and no time
  drop function if exists portico_jobs.enqueue(text, json);
  create or replace function portico_jobs.enqueue(
      task text, payload json, job_key text default null, run_at timestamptz default null
    )
    returns bigint
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
  as $function$
  declare
    tenant text := current_setting('portico.tenant', true);
  begin
    if tenant is null or tenant = '' then
      raise exception 'A job needs a tenant: the transaction has none'
        using errcode = 'insufficient_privilege';
    end if;
    if not exists (select from portico_jobs.tasks where name = task) then
      raise exception 'The task "%" is not on the list of known tasks', task
        using errcode = 'insufficient_privilege';
    end if;
    if json_typeof(payload) is distinct from 'object' then
      raise exception 'The payload of the task "%" must be an object', task
        using errcode = 'invalid_parameter_value';
    end if;
    return (
      graphile_worker.add_job(
        task,
        (payload::jsonb || jsonb_build_object('tenant', tenant))::json,
        -- nobody replaces a job of another task or tenant
        job_key => task || ' ' || tenant || ' ' || job_key,
        run_at => run_at
      )
    ).id;
  end
  $function$;
  revoke all on function portico_jobs.enqueue(text, json, text, timestamptz) from public;
  grant execute on function portico_jobs.enqueue(text, json, text, timestamptz)
    to ${roles.tenant};
`;

/**
 * Makes the queue's tables and the function `portico_jobs.enqueue`.
 *
 * @param pool - connections that act as `portico_jobs`
 */
export async function installJobs(pool: Pool): Promise<void> {
  await runMigrations({ pgPool: pool });
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(enqueueFunction);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
