import { Client } from 'pg';
import { attackerAndVictim } from '../attacks/attackers';
import { tryCountingEvents } from '../attacks/tryCountingEvents';
import { tryForeignClaim } from '../attacks/tryForeignClaim';
import { tryHostileSource } from '../attacks/tryHostileSource';
import { tryReachingTemplate } from '../attacks/tryReachingTemplate';
import { tryTakingAllTurns } from '../attacks/tryTakingAllTurns';
import { testRowSecurity } from '../database/RowSecurityTest';
import { PortalConnection } from '../http/PortalConnection';
import { type Finding } from '../matrix/Finding';
import { principalOf } from '../matrix/matrixCells';
import { CellRunner } from '../matrix/runCells';
import { type OperationSet } from '../operations/allOperations';
import { operationName } from '../operations/Operation';
import { type OwnPortal } from '../portal/OwnPortal';
import { guardSwitches } from '../portal/paths';
import { type PrincipalKind } from '../principals/Principal';
import { type SuiteReport } from '../report/SuiteReport';
import { type World } from '../world/World';
import { guards } from './guards';

interface MutantOptions {
  report: SuiteReport;
  set: OperationSet;
  portal: OwnPortal;
  world: World;
  print: (text: string) => void;
}

/** The part of the suite that must notice that a guard is off. */
type Probe = () => Promise<Finding[]>;

/**
 * Switches each guard off in turn, in the suite's own copy of the backend only, and runs
 * the part of the suite that covers it: it must fail. With all guards on, it must not.
 */
export async function runMutants(options: MutantOptions): Promise<void> {
  const { report, portal, world, print } = options;
  await portal.stop();
  await portal.start({ preload: guardSwitches });
  const { victim } = attackerAndVictim(world);
  const switchOff = async (guard: string) => {
    const missing = await portal.tell({
      type: 'switch off',
      guard,
      victim: victim.id,
    });
    if (Array.isArray(missing) && missing.length > 0) {
      throw new Error(
        `These guards were not loaded, so they cannot be switched off: ${missing.join(
          ', ',
        )}`,
      );
    }
  };
  const probes = probesOf(options);

  const known = new Set(guards.map(({ id }) => id));
  const named = [...probes.keys()].flatMap(name => name.split('+'));
  report.check(
    'every guard has a part of the suite that covers it',
    [...known].filter(id => !named.includes(id)),
  );
  for (const [name, probe] of probes) {
    const before = await outcomeOf(probe);
    await switchOff(name);
    const after = await outcomeOf(probe);
    await switchOff('');
    const killed = before.length === 0 && after.length > 0;
    report.addMutant({
      guard: name,
      killed,
      by:
        before.length > 0
          ? `not proven: with the guard on, ${
              before[0].where
            }: ${before[0].detail.slice(0, 300)}`
          : after[0] && `${after[0].kind}: ${after[0].where}`,
    });
    print(
      `Guard “${name}” off: ${killed ? 'noticed' : 'NOT NOTICED'}${
        after[0]
          ? ` (${after.length} findings, ${after[0].kind} at ${after[0].where})`
          : ''
      }${before[0] ? `; with it on: ${before[0].where}` : ''}`,
    );
  }
  await runRowSecurityMutants(options);
}

/** A part that cannot even be run has failed. */
async function outcomeOf(probe: Probe): Promise<Finding[]> {
  try {
    return await probe();
  } catch (error) {
    return [{ kind: 'failure', where: 'the suite', detail: String(error) }];
  }
}

/** What covers each guard. */
function probesOf({ set, portal, world }: MutantOptions): Map<string, Probe> {
  const { attacker, victim } = attackerAndVictim(world);
  const ask =
    (
      pattern: RegExp,
      kinds: readonly PrincipalKind[] = ['developer', 'tenant-admin'],
    ): Probe =>
    async () => {
      const connection = new PortalConnection(portal.url);
      const runner = new CellRunner({ world, connection, rows: set.rows });
      const operations = set.operations.filter(operation =>
        pattern.test(operationName(operation)),
      );
      if (operations.length === 0) {
        throw new Error(`No operation is called like ${pattern}`);
      }
      await runner.run(
        operations.flatMap(operation =>
          kinds.map(kind => ({
            operation,
            principal: principalOf(world, kind, attacker.id),
            from: attacker.id,
            owner: victim.id,
          })),
        ),
      );
      connection.close();
      return runner.findings;
    };
  let round = 0;
  const hostile: Probe = () => {
    round += 1;
    return tryHostileSource({ portal, world, nonce: `round-${round}` });
  };
  return new Map<string, Probe>([
    ['route row', ask(/^(?:catalog GET \/locations|unlisted) #/)],
    ['one reading of a path', ask(/^git-host .*# through the own tenant/)],
    ['who may call', ask(/permissions\/metadata #/)],
    ['hides others', ask(/^scaffolder GET \/v2\/tasks\/:task #/)],
    ['size of a body', ask(/# too large/)],
    ['depth of a body', ask(/# too deep/)],
    [
      'session',
      ask(/^(?:user-settings GET|notifications GET)/, [
        'ended session',
        'disabled',
      ]),
    ],
    ['decision in process', ask(/^catalog GET \/entities/)],
    ['condition on the tenant', ask(/^catalog GET \/entit/)],
    ['people of the platform', ask(/^catalog GET \/entities # all/)],
    ['condition on the task', ask(/^scaffolder GET \/v2\/tasks/)],
    ['tenant of a path of the tenancy', ask(/^tenancy GET \/tenants\/:tenant/)],
    ['tenant of a repository', ask(/^git-host GET/)],
    ['secret of a machine token', ask(/^auth GET \/machine/, ['anonymous'])],
    ['host of a persona', ask(/^auth GET \/persona/, ['anonymous'])],
    ['signature of a webhook', ask(/^tenancy POST \/hooks/, ['anonymous'])],
    [
      'reader bound to the tenant',
      () => tryReachingTemplate({ portal, world }),
    ],
    ['stamp of the source', hostile],
    ['refs stay in the tenant', hostile],
    ['claim against the grants', () => tryForeignClaim({ portal, world })],
    ['tenant of a grant', ask(/^bindings GET \/tenants\/:tenant\/grants/)],
    ['entity of what runs', ask(/^local-runtime GET .* # foreign/)],
    ['run of an entity', ask(/^local-runtime GET .* # own component/)],
    ['chain of a reader', ask(/^audit GET \/entries #/, ['tenant-admin'])],
    ['turns of tenants', () => tryTakingAllTurns({ portal, world })],
    ['numbers of events', () => tryCountingEvents({ portal, world })],
  ]);
}

/** Row-level security is a guard too: it is switched off in the database, table by table. */
async function runRowSecurityMutants(options: MutantOptions): Promise<void> {
  const { report, portal, world, print } = options;
  const admin = new Client({ connectionString: portal.adminConnectionString });
  await admin.connect();
  try {
    for (const [guard, off, on] of [
      [
        'row-level security of members',
        'alter table portico_tenancy.members disable row level security',
        'alter table portico_tenancy.members enable row level security',
      ],
      [
        'force of row-level security',
        'alter table portico_tenancy.sources no force row level security',
        'alter table portico_tenancy.sources force row level security',
      ],
      [
        'check of rows that are written',
        'alter policy tenant on portico_tenancy.groups with check (true)',
        `alter policy tenant on portico_tenancy.groups with check (tenant = current_setting('portico.tenant', true))`,
      ],
      [
        'row-level security of grants',
        'alter table portico_bindings.grants disable row level security',
        'alter table portico_bindings.grants enable row level security',
      ],
      [
        'row-level security of the audit',
        'alter table portico_audit.entries disable row level security',
        'alter table portico_audit.entries enable row level security',
      ],
      [
        'rights of the stock login',
        'grant usage on schema portico_tenancy to portico_stock; grant select on portico_tenancy.sessions to portico_stock',
        'revoke select on portico_tenancy.sessions from portico_stock; revoke usage on schema portico_tenancy from portico_stock',
      ],
    ]) {
      await admin.query(off);
      const { findings } = await testRowSecurity(portal.database, world);
      await admin.query(on);
      report.addMutant({
        guard,
        killed: findings.length > 0,
        by: findings[0] && `${findings[0].where}: ${findings[0].detail}`,
      });
      print(`Guard “${guard}” off: ${findings.length} findings.`);
    }
  } finally {
    await admin.end();
  }
}
