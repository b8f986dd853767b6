import fc from 'fast-check';
import {
  type DirectorySnapshot,
  type KnownDirectory,
  planSync,
} from './planSync';

const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

const snapshots: fc.Arbitrary<DirectorySnapshot> = fc
  .record({
    people: fc.uniqueArray(
      fc.record({ id: fc.constantFrom(...ids), active: fc.boolean() }),
      { selector: one => one.id },
    ),
    groups: fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('x', 'y', 'z'),
        people: fc.subarray(ids),
      }),
      { selector: one => one.id },
    ),
  })
  .map(({ people, groups }) => ({
    people: people.map(({ id, active }) => ({
      externalId: id,
      userName: id,
      displayName: id,
      active,
    })),
    groups: groups.map(group => ({
      externalId: group.id,
      displayName: group.id,
      // As Keycloak has it: who is in a group is in the realm.
      people: group.people
        .filter(id => people.some(person => person.id === id))
        .sort(),
      groups: [],
    })),
  }));

/** What the tables hold after a snapshot was followed without any limit. */
function knownOf(snapshot: DirectorySnapshot): KnownDirectory {
  return {
    people: snapshot.people.map(one => ({
      ...one,
      id: `of-${one.externalId}`,
    })),
    groups: snapshot.groups.map(one => ({
      ...one,
      id: `of-${one.externalId}`,
    })),
  };
}

describe('planSync', () => {
  it('makes the tables what the directory says, and then does nothing', () => {
    fc.assert(
      fc.property(snapshots, snapshots, (before, after) => {
        const plan = planSync(knownOf(before), after, { mostRemovals: 1 });
        expect(plan.held).toBeUndefined();
        const people = new Map(
          knownOf(before).people.map(one => [one.externalId, one.active]),
        );
        plan.removePeople.forEach(one => people.delete(one.externalId));
        plan.writePeople.forEach(one => people.set(one.externalId, one.active));
        expect(people).toEqual(
          new Map(after.people.map(one => [one.externalId, one.active])),
        );
        expect(planSync(knownOf(after), after, { mostRemovals: 0 })).toEqual({
          removePeople: [],
          writePeople: [],
          removeGroups: [],
          writeGroups: [],
        });
      }),
    );
  });

  it('takes nothing from anybody where too much is missing, and still disables', () => {
    fc.assert(
      fc.property(snapshots, snapshots, (before, after) => {
        const known = knownOf(before);
        const plan = planSync(known, after, { mostRemovals: 0.2 });
        const gone = known.people.filter(
          one =>
            !after.people.some(person => person.externalId === one.externalId),
        );
        const isAll = gone.length === known.people.length && gone.length > 1;
        const tooMany =
          isAll || gone.length > Math.max(3, known.people.length * 0.2);
        expect(tooMany && plan.held === undefined).toBe(false);
        fc.pre(plan.held !== undefined);
        expect([plan.removePeople, plan.removeGroups]).toEqual([[], []]);
        for (const group of plan.writeGroups) {
          const old = known.groups.find(
            one => one.externalId === group.externalId,
          );
          expect(group.people).toEqual(
            expect.arrayContaining(old?.people ?? []),
          );
        }
        for (const person of after.people) {
          const old = known.people.find(
            one => one.externalId === person.externalId,
          );
          const isDisabled = old?.active === true && !person.active;
          const isWritten = plan.writePeople.some(
            one => one.id === old?.id && !one.active,
          );
          expect(isDisabled && !isWritten).toBe(false);
        }
      }),
    );
  });
});
