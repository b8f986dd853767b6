import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';

/**
 * Waits for the work that a stopped backend leaves behind, scheduled tasks and scaffolder
 * tasks: the database is about to be dropped.
 */
export async function tasksEnd(connectionString: string) {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name
       from information_schema.tables
       where table_name = 'backstage_backend_tasks__tasks'`,
    );
    const running = rows
      .map(
        ({ name }) =>
          `select 1 from ${name} where current_run_ticket is not null`,
      )
      .join(' union all ');
    // The scaffolder asks for the events of a task until a second after its end.
    const events = `select 1 from scaffolder.task_events
      where created_at > now() - interval '2 seconds'`;
    const deadline = Date.now() + 10_000;
    while (
      running &&
      (await client.query(`${running} union all ${events}`)).rowCount !== 0 &&
      Date.now() < deadline
    ) {
      await delay(50);
    }
  } finally {
    await client.end();
  }
}
