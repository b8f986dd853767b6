import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { PortalConnection } from '../http/PortalConnection';
import { type Finding } from '../matrix/Finding';
import { principalOf } from '../matrix/matrixCells';
import { asCaller } from '../matrix/runCells';
import { AT_ONCE } from '../portal/portalConfig';
import { type OwnPortal } from '../portal/OwnPortal';
import { type World } from '../world/World';
import { attackerAndVictim } from './attackers';

const SETTINGS_TABLE = '"user-settings".user_settings';
const STARTED_LIMIT_MILLISECONDS = 30_000;
const WAITS_MILLISECONDS = 1_500;

/**
 * As many requests of one tenant hang as may run at a time: they wait for a table that is
 * locked. Its next request must wait for its turn, and another tenant's must not.
 */
export async function tryTakingAllTurns(options: {
  portal: OwnPortal;
  world: World;
}): Promise<Finding[]> {
  const { portal, world } = options;
  const { attacker, victim } = attackerAndVictim(world);
  const findings: Finding[] = [];
  const report = (detail: string) =>
    findings.push({
      kind: 'unexpected status',
      where: `${AT_ONCE} requests of ${attacker.id} that hang`,
      detail,
    });
  const connection = new PortalConnection(portal.url, {
    connections: AT_ONCE + 2,
  });
  const ask = (tenant: string, path: string) =>
    connection.send(
      asCaller(
        { method: 'GET', path },
        principalOf(world, 'developer', tenant),
      ),
    );
  const admin = new Client({ connectionString: portal.adminConnectionString });
  await admin.connect();
  try {
    await admin.query('begin');
    await admin.query(`lock table ${SETTINGS_TABLE} in access exclusive mode`);
    const hanging = Array.from({ length: AT_ONCE }, () =>
      ask(attacker.id, '/api/user-settings/buckets/some/keys/other'),
    );
    await untilWaiting(admin, AT_ONCE);
    const next = ask(attacker.id, '/api/tenancy/me');
    const neighbour = await ask(victim.id, '/api/tenancy/me');
    if (neighbour.status !== 200) {
      report(`${victim.id} was answered ${neighbour.status} meanwhile`);
    }
    const outcome = await Promise.race([next, delay(WAITS_MILLISECONDS)]);
    if (outcome) {
      report(`one more of ${attacker.id} was answered ${outcome.status}`);
    }
    await admin.query('rollback');
    const answers = await Promise.all([...hanging, next]);
    const last = answers.at(-1);
    if (last?.status !== 200) {
      report(`the one that waited was answered ${last?.status} in the end`);
    }
  } finally {
    await admin.end();
    connection.close();
  }
  return findings;
}

/** Waits until so many statements wait for the table. */
async function untilWaiting(admin: Client, count: number): Promise<void> {
  const deadline = Date.now() + STARTED_LIMIT_MILLISECONDS;
  for (;;) {
    const { rows } = await admin.query<{ waiting: number }>(
      `select count(*)::int as waiting from pg_locks
        where not granted and relation = '${SETTINGS_TABLE}'::regclass`,
    );
    if (rows[0].waiting >= count) {
      return;
    }
    if (Date.now() > deadline) {
      throw new Error(
        `Only ${rows[0].waiting} requests came to ${SETTINGS_TABLE}`,
      );
    }
    await delay(50);
  }
}
