import { type PortalConnection } from '../http/PortalConnection';
import { type Finding } from '../matrix/Finding';
import { firstDifference } from '../matrix/firstDifference';
import { normaliseAnswer } from '../matrix/normalise';
import { principalOf } from '../matrix/matrixCells';
import { asCaller } from '../matrix/runCells';
import { type Operation, operationName } from '../operations/Operation';
import { type PrincipalKind } from '../principals/Principal';
import { ghost, type Things } from '../world/Things';
import { type World } from '../world/World';

const kinds: readonly PrincipalKind[] = [
  'viewer',
  'developer',
  'tenant-admin',
  'machine',
];

/** A portal and what the suite made in it. */
export interface PortalWithWorld {
  connection: PortalConnection;
  world: World;
}

/**
 * Asks the same, as the same people of one tenant, in a portal with other tenants and in
 * one without them: all answers must be the same. Own things are asked for as well, by
 * what changes nothing.
 */
export async function compareWorlds(options: {
  crowded: PortalWithWorld;
  lonely: PortalWithWorld;
  tenant: string;
  operations: readonly Operation[];
}): Promise<{ findings: Finding[]; requests: number }> {
  const { crowded, lonely, tenant, operations } = options;
  const findings: Finding[] = [];
  let requests = 0;
  const foreign = crowded.world.tenants.find(
    ({ id, isEmpty }) => id !== tenant && !isEmpty,
  );
  const questions = operations.flatMap(operation => [
    ...(operation.changes ? [] : [{ operation, of: undefined }]),
    ...(foreign ? [{ operation, of: foreign.things }] : []),
  ]);
  for (const { operation, of } of questions) {
    if (operation.shows || operation.picksByChance) {
      continue;
    }
    for (const kind of kinds) {
      const [there, alone] = await Promise.all(
        [crowded, lonely].map(portal =>
          ask(portal, tenant, kind, operation, of),
        ),
      );
      requests += 2;
      if (there !== alone) {
        findings.push({
          kind: 'differs',
          where: `${operationName(operation)} as ${kind} of ${tenant} on ${
            of?.tenant ?? tenant
          }`,
          detail: firstDifference(there, alone),
        });
      }
    }
  }
  return { findings, requests };
}

async function ask(
  { connection, world }: PortalWithWorld,
  tenant: string,
  kind: PrincipalKind,
  operation: Operation,
  of: Things | undefined,
): Promise<string> {
  const own = world.tenants.find(({ id }) => id === tenant)?.things ?? ghost;
  const request = asCaller(
    operation.build(of ?? own, own),
    principalOf(world, kind, tenant),
  );
  return sameInAnyPortal(
    normaliseAnswer(await connection.send(request), of ?? own, own),
  );
}

/** Without what each portal draws for itself: keys, times as numbers, the order by ids. */
function sameInAnyPortal(normal: string): string {
  const text = normal
    .replace(/<\/?\{id\}>/g, '')
    .replace(
      /"(?:build_timestamp|issuedAt|iat|exp|rank|generation)":\s*[\d.e+-]+/g,
      '"number":0',
    )
    .replace(/"(?:x|y|key)":"[\w+:{}=/-]{30,}"/g, '"key":""')
    .replace(/Expires=[^;]+/g, 'Expires')
    .replace(/\b[0-9a-f]{16}\b/g, '{id}');
  const [head, ...rest] = text.split('\n\n');
  const body = rest.join('\n\n');
  try {
    return `${head}\n\n${JSON.stringify(
      sorted(JSON.parse(body)),
      undefined,
      1,
    )}`;
  } catch {
    return text;
  }
}

/** Lists of things in one order, whatever order they came in. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value
      .map(sorted)
      .map(item => ({ item, text: JSON.stringify(item) }))
      .sort((one, other) => (one.text < other.text ? -1 : 1))
      .map(({ item }) => item);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, sorted(item)]),
    );
  }
  return value;
}
