import { changedRows, readTenantRows } from './database/TableRows';
import { testRowSecurity } from './database/RowSecurityTest';
import { PortalConnection } from './http/PortalConnection';
import { compareWorlds } from './interference/compareWorlds';
import { type Finding } from './matrix/Finding';
import { matrixCells, type MatrixPart } from './matrix/matrixCells';
import { CellRunner } from './matrix/runCells';
import { runMutants } from './mutants/runMutants';
import { allOperations, type OperationSet } from './operations/allOperations';
import { operationName } from './operations/Operation';
import { OwnPortal } from './portal/OwnPortal';
import { type RunningPortal } from './portal/RunningPortal';
import { principalKinds } from './principals/Principal';
import { type SuiteOptions } from './readOptions';
import { SuiteReport } from './report/SuiteReport';
import { runSequences } from './sequences/runSequences';
import { tryCountingEvents } from './attacks/tryCountingEvents';
import { tryForeignClaim } from './attacks/tryForeignClaim';
import { tryHostileSource } from './attacks/tryHostileSource';
import { tryReachingTemplate } from './attacks/tryReachingTemplate';
import { tryTakingAllTurns } from './attacks/tryTakingAllTurns';
import { makeWorld, tenantPlans } from './world/makeWorld';
import { usePreparedTenants } from './world/usePreparedTenants';
import { type World } from './world/World';

const PROGRESS_EVERY = 5_000;
const LOG_SHOWN = 6_000;

/** Prints a line of progress. */
export type Print = (text: string) => void;

/** Runs all parts against portals of the suite's own. */
export async function runSuite(
  options: SuiteOptions,
  print: Print,
  signal: AbortSignal,
): Promise<SuiteReport> {
  const report = new SuiteReport();
  const set = selectOperations(options);
  report.check(
    'every open row of the route table has an operation',
    set.rowsWithoutOperation,
  );
  const portal = await OwnPortal.create({ port: options.port });
  const stopEarly = () => void portal.stop();
  signal.addEventListener('abort', stopEarly, { once: true });
  try {
    await portal.start();
    print(`The portal answers at ${portal.url}.`);
    const world = await makeWorld(portal, { seed: options.seed });
    print(`Tenants made: ${world.tenants.map(({ id }) => id).join(', ')}.`);

    // First, while both portals hold just what was made.
    if (options.quick) {
      report.skip(
        'the same answers with and without the other tenants',
        'left out with --quick',
      );
    } else {
      await testInterference({ options, report, set, portal, world, print });
    }
    await testMatrix({ options, report, set, portal, world, print });
    await testAttacks({ options, report, portal, world, print });
    report.add(
      'a tenant whose requests hang holds up nobody else',
      await tryTakingAllTurns({ portal, world }),
    );
    await testSequences({ options, report, set, portal, world, print });
    const security = await testRowSecurity(portal.database, world);
    report.add(
      `row-level security: ${security.attempts} attempts on ${security.tables} tables`,
      security.findings,
    );
    print(
      `Row-level security: ${security.attempts} attempts on ${security.tables} tables, ${security.findings.length} findings.`,
    );
    checkLog(report, portal, world);

    if (options.skipMutants) {
      report.skip(
        'guards switched off in turn',
        'left out with --skip-mutants',
      );
    } else {
      await runMutants({ report, set: allOperations(), portal, world, print });
    }
  } catch (error) {
    print(`The portal's log ends with:\n${portal.log().slice(-LOG_SHOWN)}`);
    throw error;
  } finally {
    signal.removeEventListener('abort', stopEarly);
    await portal.destroy();
  }
  return report;
}

/** Runs what can be run against a portal of somebody else. */
export async function runAgainstPortal(
  options: SuiteOptions,
  { url, tokensFile }: NonNullable<SuiteOptions['portal']>,
  print: Print,
): Promise<SuiteReport> {
  const report = new SuiteReport();
  const set = selectOperations(options);
  report.check(
    'every open row of the route table has an operation',
    set.rowsWithoutOperation,
  );
  const portal: RunningPortal = {
    url: url.replace(/\/$/, ''),
    adminConnectionString: options.database,
    log: () => '',
  };
  const world = await usePreparedTenants(portal, {
    tokensFile,
    seed: options.seed,
  });
  print(`Things made in ${world.tenants.map(({ id }) => id).join(', ')}.`);
  await testMatrix({ options, report, set, portal, world, print });
  await testAttacks({ options, report, portal, world, print });
  await testSequences({ options, report, set, portal, world, print });
  const missing = principalKinds.filter(
    kind => !world.principals.some(principal => principal.kind === kind),
  );
  for (const kind of missing) {
    report.skip(`requests as ${kind}`, 'no token in the file of --tokens');
  }
  for (const part of [
    'row-level security',
    'every route of every plugin is in the route table',
    'no secret stands in the log',
    'the same answers with and without the other tenants',
    'guards switched off in turn',
  ]) {
    report.skip(part, 'needs a portal of the suite’s own');
  }
  return report;
}

/** The operations that were asked for. */
export function selectOperations({ only }: SuiteOptions): OperationSet {
  const set = allOperations();
  return only
    ? {
        ...set,
        operations: set.operations.filter(operation =>
          operationName(operation).includes(only),
        ),
      }
    : set;
}

/** What the parts of the suite work with. */
export interface SuitePart {
  options: SuiteOptions;
  report: SuiteReport;
  set: OperationSet;
  portal: RunningPortal;
  world: World;
  print: Print;
}

/** Each operation, across each pair of tenants, as each principal; rows before and after. */
export async function testMatrix(part: SuitePart): Promise<void> {
  const { options, report, set, portal, world, print } = part;
  const connection = new PortalConnection(portal.url);
  let sent = 0;
  const started = Date.now();
  const runner = new CellRunner({
    world,
    connection,
    rows: set.rows,
    onRequest() {
      sent += 1;
      if (sent % PROGRESS_EVERY === 0) {
        const seconds = (Date.now() - started) / 1000;
        print(
          `${sent} requests, ${Math.round(sent / seconds)} per second, ${
            runner.findings.length
          } findings.`,
        );
      }
    },
  });
  const { shape, parts } = matrixCells(
    world,
    set.operations,
    principalKinds,
    options.quick ? 'ring' : 'all',
  );
  const writes: Finding[] = [];
  for (const matrixPart of parts) {
    writes.push(...(await runPart(runner, matrixPart, portal, world)));
  }
  connection.close();
  report.addMatrix(shape, runner.records, runner.findings);
  report.otherRequests += connection.sent - runner.records.length;
  const rowsName = 'no row of a tenant was changed by another';
  if (portal.adminConnectionString) {
    report.add(rowsName, writes);
  } else {
    report.skip(rowsName, 'needs --database');
  }
}

async function runPart(
  runner: CellRunner,
  { from, cells }: MatrixPart,
  portal: RunningPortal,
  world: World,
): Promise<Finding[]> {
  const { adminConnectionString } = portal;
  if (!adminConnectionString) {
    await runner.run(cells);
    return [];
  }
  const before = await readTenantRows(adminConnectionString, world);
  await runner.run(cells);
  const after = await readTenantRows(adminConnectionString, world);
  const others = new Set(
    world.tenants.map(({ id }) => id).filter(id => id !== from),
  );
  return changedRows(before, after, others).map(
    ({ place, removed, added }) => ({
      kind: 'foreign write',
      where: `the matrix as ${from} on ${place}`,
      detail: `${removed.length} rows gone, ${added.length} new: ${[
        ...removed.slice(0, 2),
        '→',
        ...added.slice(0, 2),
      ]
        .join(' ')
        .slice(0, 2000)}`,
    }),
  );
}

async function testAttacks(part: Omit<SuitePart, 'set'>): Promise<void> {
  const { report, portal, world, print } = part;
  report.add(
    'a source that names another tenant',
    await tryHostileSource({ portal, world, nonce: 'first' }),
  );
  report.add(
    'a template that reads another tenant’s repository',
    await tryReachingTemplate({ portal, world }),
  );
  if (portal.cluster) {
    report.add(
      'an entity that claims a namespace of another tenant',
      await tryForeignClaim({ portal, world }),
    );
  }
  report.add(
    'the numbers of events before and after a task of another tenant',
    await tryCountingEvents({ portal, world }),
  );
  print('Hostile sources, templates and claims tried.');
}

async function testSequences(part: SuitePart): Promise<void> {
  const { options, report, set, portal, world, print } = part;
  const connection = new PortalConnection(portal.url);
  const { findings, requests } = await runSequences({
    connection,
    world,
    set,
    seed: options.seed,
    runs: options.quick ? 20 : 100,
  });
  connection.close();
  report.otherRequests += requests;
  report.add(`random sequences (seed ${options.seed})`, findings);
  print(`Random sequences: ${requests} requests, seed ${options.seed}.`);
}

/** What may never stand in the log: what only its holder may know. */
function checkLog(report: SuiteReport, portal: RunningPortal, world: World) {
  const log = portal.log();
  for (const [, route] of log.matchAll(
    /Route (\S+ \S+) is missing in the route table/g,
  )) {
    report.unlistedRoutes.push(route);
  }
  report.check(
    'every route of every plugin is in the route table',
    report.unlistedRoutes,
  );
  const secrets = [
    ...world.tenants.flatMap(tenant => tenant.secrets),
    ...world.principals.flatMap(({ headers }) =>
      (headers.authorization ?? '').split(' ').slice(1),
    ),
  ].filter(secret => secret.length > 10);
  report.check(
    'no secret stands in the log',
    secrets
      .filter(secret => log.includes(secret))
      .map(secret => `${secret.slice(0, 12)}…`),
  );
}

/** The same script in a portal with the other tenants, and in one without. */
async function testInterference(part: SuitePart): Promise<void> {
  const { options, report, set, portal, world, print } = part;
  const [{ id: tenant }] = world.tenants;
  const lonely = await OwnPortal.create({ port: options.port + 1 });
  const connections: PortalConnection[] = [];
  try {
    await lonely.start();
    const lonelyWorld = await makeWorld(lonely, {
      seed: options.seed,
      plans: tenantPlans.filter(({ id }) => id === tenant),
    });
    const open = (url: string) => {
      const connection = new PortalConnection(url);
      connections.push(connection);
      return connection;
    };
    const { findings, requests } = await compareWorlds({
      crowded: { connection: open(portal.url), world },
      lonely: { connection: open(lonely.url), world: lonelyWorld },
      tenant,
      operations: set.operations,
    });
    report.otherRequests += requests;
    report.add('the same answers with and without the other tenants', findings);
    print(`With and without the other tenants: ${requests} requests compared.`);
  } finally {
    connections.forEach(connection => connection.close());
    await lonely.destroy();
  }
}
