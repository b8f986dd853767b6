import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { type PortalConnection } from '../http/PortalConnection';
import { type Finding } from '../matrix/Finding';
import { matrixCells, principalOf } from '../matrix/matrixCells';
import { asCaller, CellRunner } from '../matrix/runCells';
import { type OperationSet } from '../operations/allOperations';
import { type PrincipalKind } from '../principals/Principal';
import { type World } from '../world/World';

const kinds: readonly PrincipalKind[] = [
  'anonymous',
  'developer',
  'approver',
  'tenant-admin',
  'machine',
];
const LONGEST = 25;
/** Between the requests, each tenant must still get what is its own. */
const OWN_CHECK_EVERY = 5;

/**
 * Sends operations of several people in random order. After some of them each tenant must
 * still get its own things, and nobody ever anything of others.
 */
export async function runSequences(options: {
  connection: PortalConnection;
  world: World;
  set: OperationSet;
  seed: string;
  runs: number;
}): Promise<{ findings: Finding[]; requests: number }> {
  const { connection, world, set, runs } = options;
  const findings: Finding[] = [];
  const before = connection.sent;
  const { parts } = matrixCells(world, set.operations, kinds);
  const cells = parts.flatMap(part => part.cells);
  const seeded = world.tenants.filter(({ isEmpty }) => !isEmpty);

  const property = fc.asyncProperty(
    fc.array(fc.nat({ max: cells.length - 1 }), {
      minLength: 5,
      maxLength: LONGEST,
    }),
    async picks => {
      const runner = new CellRunner({ world, connection, rows: set.rows });
      for (const [position, pick] of picks.entries()) {
        await runner.run([cells[pick]]);
        if (position % OWN_CHECK_EVERY === 0) {
          const { id, things } = seeded[position % seeded.length];
          const answer = await connection.send(
            asCaller(
              {
                method: 'GET',
                path: `/api/catalog/entities/by-name/component/${id}/${things.component}`,
              },
              principalOf(world, 'developer', id),
            ),
          );
          if (answer.status !== 200 || !answer.body.includes(things.title)) {
            runner.findings.push({
              kind: 'own thing lost',
              where: `a random sequence as developer of ${id}`,
              detail: `${answer.status} ${answer.body.slice(0, 300)}`,
            });
          }
        }
      }
      findings.push(...runner.findings);
      return runner.findings.length === 0;
    },
  );
  const outcome = await fc.check(property, {
    numRuns: runs,
    seed: numberOf(options.seed),
    endOnFailure: true,
  });
  if (outcome.failed && findings.length === 0) {
    findings.push({
      kind: 'failure',
      where: 'a random sequence',
      detail: String(outcome.errorInstance ?? outcome.counterexample),
    });
  }
  return { findings, requests: connection.sent - before };
}

/** A number for fast-check from the words of a seed. */
function numberOf(seed: string): number {
  return createHash('sha256').update(seed).digest().readInt32BE(0);
}
