import { isDeepStrictEqual } from 'util';
import { type DirectoryGroup } from '../directory/writeGroup';
import { type DirectoryPerson } from '../directory/writePerson';

/** Ids of persons and groups are those of the directory. */
export type SnapshotPerson = DirectoryPerson & { externalId: string };
export type SnapshotGroup = Required<DirectoryGroup>;

/** Everybody and all groups of a directory at one moment. */
export interface DirectorySnapshot {
  people: SnapshotPerson[];
  groups: SnapshotGroup[];
}

/** What the tables hold of it, with the ids of their records. */
export interface KnownDirectory {
  people: Array<SnapshotPerson & { id: string }>;
  groups: Array<SnapshotGroup & { id: string }>;
}

/** What a look at the directory changes, in the order in which it is done. */
export interface SyncPlan {
  /** Who is gone; empty while too many are. */
  removePeople: Array<SnapshotPerson & { id: string }>;
  /** New people without an id. */
  writePeople: Array<SnapshotPerson & { id?: string }>;
  removeGroups: Array<SnapshotGroup & { id: string }>;
  writeGroups: Array<SnapshotGroup & { id?: string }>;
  /** Why nobody is removed, where too many would be. */
  held?: string;
}

/** So few may always go: else a small team could never change. */
const ALWAYS = 3;

/**
 * Compares what is in a directory with what was read before.
 *
 * A directory that suddenly seems empty is more often a mistake than the truth, so when
 * more than a part of the people, of the groups or of the memberships would go at once,
 * nothing goes; who is disabled there is disabled all the same, and all that is new comes.
 */
export function planSync(
  known: KnownDirectory,
  snapshot: DirectorySnapshot,
  options: { mostRemovals: number },
): SyncPlan {
  const people = new Map(snapshot.people.map(one => [one.externalId, one]));
  const groups = new Map(snapshot.groups.map(one => [one.externalId, one]));
  const knownPeople = new Map(known.people.map(one => [one.externalId, one]));
  const knownGroups = new Map(known.groups.map(one => [one.externalId, one]));
  const gonePeople = known.people.filter(one => !people.has(one.externalId));
  const goneGroups = known.groups.filter(one => !groups.has(one.externalId));
  const memberships = known.groups.reduce(
    (sum, group) => sum + group.people.length,
    0,
  );
  // Of people and groups that stay; the others are counted themselves.
  const goneMemberships = known.groups.reduce((sum, group) => {
    const now = groups.get(group.externalId);
    return now
      ? sum +
          group.people.filter(id => people.has(id) && !now.people.includes(id))
            .length
      : sum;
  }, 0);
  const held = [
    tooMany('people', gonePeople.length, known.people.length, options),
    tooMany('groups', goneGroups.length, known.groups.length, options),
    tooMany('memberships', goneMemberships, memberships, options),
  ].find(reason => reason !== undefined);

  const keptPeople = new Set(
    held === undefined
      ? people.keys()
      : [...people.keys(), ...knownPeople.keys()],
  );
  const wantedGroups = snapshot.groups.map(group => {
    const before = knownGroups.get(group.externalId);
    const members = new Set(group.people.filter(id => keptPeople.has(id)));
    if (held !== undefined) {
      before?.people.forEach(id => members.add(id));
    }
    return {
      ...group,
      ...(before && { id: before.id }),
      people: [...members].sort(),
      groups: [...group.groups].sort(),
    };
  });
  return {
    removePeople: held === undefined ? gonePeople : [],
    writePeople: snapshot.people.flatMap(person => {
      const before = knownPeople.get(person.externalId);
      const wanted = { ...person, ...(before && { id: before.id }) };
      return before && isDeepStrictEqual(before, wanted) ? [] : [wanted];
    }),
    removeGroups: held === undefined ? goneGroups : [],
    writeGroups: wantedGroups.filter(wanted => {
      const before = knownGroups.get(wanted.externalId);
      return !isDeepStrictEqual(
        before && {
          ...before,
          people: [...before.people].sort(),
          groups: [...before.groups].sort(),
        },
        wanted,
      );
    }),
    ...(held !== undefined && { held }),
  };
}

function tooMany(
  what: string,
  gone: number,
  known: number,
  { mostRemovals }: { mostRemovals: number },
): string | undefined {
  const isAll = gone === known && known > 1 && mostRemovals < 1;
  return isAll || gone > Math.max(ALWAYS, known * mostRemovals)
    ? `${gone} of ${known} ${what} are missing at once, more than ${Math.round(
        mostRemovals * 100,
      )} %: nobody was removed. Look at the directory; where it is right, raise mostRemovals of tenancy.keycloak until it was read`
    : undefined;
}
