import {
  type DriftClass,
  type Observation,
} from '@portico/plugin-promotions-common';
import {
  type DeliveredResource,
  type DeliveryInspection,
} from '@portico/plugin-promotions-node';

/** After that nobody can rely on what was compared. */
const STALE_MS = 15 * 60_000;
/** What was just done may still settle. */
const SETTLING_MS = 5 * 60_000;
/** Nobody synced what waits for that long. */
const AGING_MS = 24 * 60 * 60_000;
const MOST_FINDINGS = 50;

/** What is known of a component in an environment at one moment. */
export interface DriftFacts {
  now: Date;
  /** What the deployment repository says at its head; undefined where it cannot be told. */
  declared?: { revision: string; digests: readonly string[] };
  /** Digests of the release that the last deployment brought. */
  deployed?: { digests: readonly string[] };
  /** A promotion has not ended, so that differences are what it is about. */
  isPromoting: boolean;
  observation: Observation;
  /** More, where the driver's system can tell. */
  inspection?: DeliveryInspection;
  /** Since when a change waits, as far as it was noted before. */
  pendingSince?: Date;
}

/** Drift that is there at one moment. */
export interface FoundDrift {
  class: DriftClass;
  resource?: string;
  path?: string;
  declared?: string;
  live?: string;
  reason: string;
}

/**
 * What runs otherwise than declared, and how. A deployment that is on its way is no drift.
 * Where nobody can tell, that is what is found: it is never taken for agreement.
 */
export function classifyDrift(facts: DriftFacts): FoundDrift[] {
  const { observation, inspection } = facts;
  if (facts.isPromoting) {
    return [];
  }
  const unclear = cannotTell(facts);
  if (unclear) {
    return [unclear];
  }
  if (observation.health === 'missing') {
    // Where nothing was ever declared, nothing is missing.
    if (facts.declared?.digests.length === 0 && !facts.deployed) {
      return [];
    }
    return [
      {
        class: 'missing',
        reason: `What is declared does not run: ${observation.reason}`,
      },
    ];
  }
  const found = inspection ? byInspection(facts, inspection) : byDigests(facts);
  return [...found, ...mixedVersions(observation)].slice(0, MOST_FINDINGS);
}

function cannotTell({
  now,
  observation,
  inspection,
}: DriftFacts): FoundDrift | undefined {
  if (inspection && inspection.problems.length > 0) {
    return {
      class: 'unknown',
      reason: `${observation.source} cannot compare: ${inspection.problems[0]}`,
    };
  }
  if (observation.health === 'unknown' || inspection?.sync === 'unknown') {
    return {
      class: 'unknown',
      reason: `Nobody can tell what runs: ${observation.reason}`,
    };
  }
  const comparedAt = inspection?.comparedAt;
  return comparedAt !== undefined &&
    now.getTime() - Date.parse(comparedAt) > STALE_MS
    ? {
        class: 'staleVerdict',
        reason: `${observation.source} compared last at ${comparedAt}, so what it says may be over`,
      }
    : undefined;
}

/** Where the driver's system compares every object by itself. */
function byInspection(
  facts: DriftFacts,
  inspection: DeliveryInspection,
): FoundDrift[] {
  const { now, observation } = facts;
  const { sync, lastOperation, comparedRevision, automatic } = inspection;
  if (sync !== 'outOfSync' || lastOperation?.result === 'running') {
    return [];
  }
  const isPending =
    comparedRevision !== undefined &&
    lastOperation?.revision !== comparedRevision;
  if (isPending) {
    return [pendingChange(facts, comparedRevision, automatic)];
  }
  const finishedAt = lastOperation?.finishedAt;
  if (
    finishedAt !== undefined &&
    now.getTime() - Date.parse(finishedAt) < SETTLING_MS
  ) {
    return [];
  }
  const loops = automatic && lastOperation?.result === 'succeeded';
  const reason = loops
    ? `${observation.source} makes it as declared again and again, and something changes it back`
    : 'It was changed where it runs; what is declared did not change';
  const found = inspection.resources.flatMap(resource =>
    ofResource(resource, loops ? 'stuckDriftLoop' : 'liveDrift', reason),
  );
  return found.length > 0
    ? found
    : [{ class: loops ? 'stuckDriftLoop' : 'liveDrift', reason }];
}

function ofResource(
  { resource, state, fields }: DeliveredResource,
  of: DriftClass,
  reason: string,
): FoundDrift[] {
  switch (state) {
    case 'synced':
      return [];
    case 'missing':
      return [
        { class: 'missing', resource, reason: 'It is declared and not there' },
      ];
    case 'orphaned':
      return [
        {
          class: 'orphaned',
          resource,
          reason: 'It runs and is not declared any more',
        },
      ];
    case 'differs':
      return fields.length === 0
        ? [{ class: of, resource, reason }]
        : fields.map(field => ({ class: of, resource, ...field, reason }));
    default:
      return state satisfies never;
  }
}

function pendingChange(
  { now, pendingSince, observation }: DriftFacts,
  revision: string,
  automatic: boolean,
): FoundDrift {
  const isOld =
    pendingSince !== undefined &&
    now.getTime() - pendingSince.getTime() > AGING_MS;
  return isOld && !automatic
    ? {
        class: 'manualSyncAging',
        reason: `Commit ${revision.slice(
          0,
          12,
        )} waits for more than a day until somebody syncs it in ${
          observation.source
        }`,
      }
    : {
        class: 'pendingChange',
        reason: `Commit ${revision.slice(
          0,
          12,
        )} of the deployment repository is not live yet`,
      };
}

/** Where only images are known. */
function byDigests({
  declared,
  deployed,
  observation,
}: DriftFacts): FoundDrift[] {
  const running = observation.running.map(({ digest }) => digest);
  const wanted = declared?.digests ?? deployed?.digests ?? [];
  const isAsDeclared = wanted.some(digest => running.includes(digest));
  // Nothing runs where 0 replicas are asked for, and that is what is declared.
  const isStopped = running.length === 0 && observation.health === 'suspended';
  if (wanted.length === 0 || isAsDeclared || isStopped) {
    return [];
  }
  const texts = {
    path: 'images',
    declared: wanted.join(', '),
    live: running.join(', '),
  };
  if (running.length === 0) {
    return [
      {
        class: 'missing',
        ...texts,
        reason: 'What is declared does not run',
      },
    ];
  }
  const runsDeployed = deployed?.digests.some(digest =>
    running.includes(digest),
  );
  return [
    runsDeployed
      ? {
          class: 'pendingChange',
          ...texts,
          reason:
            'The deployment repository declares other images than were deployed, and they do not run yet',
        }
      : {
          class: 'liveDrift',
          ...texts,
          reason: 'Other images run than are declared or were deployed',
        },
  ];
}

/** The same image by several digests, though nothing is being deployed. */
function mixedVersions({ running, health }: Observation): FoundDrift[] {
  if (health === 'progressing') {
    return [];
  }
  const names = [...new Set(running.map(({ name }) => name))];
  return names.flatMap(name => {
    const digests = [
      ...new Set(
        running.filter(image => image.name === name).map(image => image.digest),
      ),
    ];
    return digests.length > 1
      ? [
          {
            class: 'versionSkew' as const,
            path: `images[${name}]`,
            live: digests.join(', '),
            reason: `${digests.length} versions of ${name} run at the same time`,
          },
        ]
      : [];
  });
}
