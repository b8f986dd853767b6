import fc from 'fast-check';
import { applyScimPatch, type ScimOperation } from './scimPatch';
import { groupAttributes } from './scimGroup';
import { userAttributes } from './scimUser';

const kim = {
  userName: 'kim',
  active: true,
  name: { givenName: 'Kim', familyName: 'Kay' },
  emails: [{ value: 'kim@example.org', type: 'work', primary: true }],
};

function patched(...operations: ScimOperation[]) {
  return applyScimPatch(kim, operations, userAttributes);
}

describe('applyScimPatch', () => {
  it.each<[string, ScimOperation, object]>([
    [
      'one attribute',
      { op: 'replace', path: 'USERNAME', value: 'k' },
      { userName: 'k' },
    ],
    [
      'one with its schema',
      {
        op: 'replace',
        path: 'urn:ietf:params:scim:schemas:core:2.0:User:displayName',
        value: 'K',
      },
      { displayName: 'K' },
    ],
    ['no path', { op: 'replace', value: { active: false } }, { active: false }],
    [
      'a dot in a key, as Entra ID writes it',
      { op: 'add', value: { 'name.givenName': 'Kimmy' } },
      { name: { givenName: 'Kimmy', familyName: 'Kay' } },
    ],
    [
      'a part of a complex one',
      { op: 'replace', path: 'name', value: { familyName: 'K.' } },
      { name: { givenName: 'Kim', familyName: 'K.' } },
    ],
    [
      'the address for work',
      {
        op: 'replace',
        path: 'emails[type eq "work"].value',
        value: 'k@example.org',
      },
      { emails: [{ value: 'k@example.org', type: 'work', primary: true }] },
    ],
    [
      'an address that was not there',
      {
        op: 'add',
        path: 'emails[type eq "home"].value',
        value: 'h@example.org',
      },
      { emails: [...kim.emails, { type: 'home', value: 'h@example.org' }] },
    ],
    [
      'the addresses of one kind away',
      { op: 'remove', path: 'emails[type eq "WORK"]' },
      { emails: [] },
    ],
    [
      'a schema that is not kept',
      {
        op: 'add',
        path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
        value: 'Shop',
      },
      {},
    ],
    [
      'an attribute that is not kept',
      { op: 'replace', path: 'title', value: 'x' },
      {},
    ],
  ])('changes %s', (_, operation, expected) => {
    const before = structuredClone(kim);
    expect(patched(operation)).toEqual({ ...kim, ...expected });
    expect(kim).toEqual(before);
  });

  it('removes an attribute', () => {
    expect(patched({ op: 'remove', path: 'name' })).not.toHaveProperty('name');
  });

  it('makes the same members whatever way they are named in', () => {
    const ids = fc.uniqueArray(fc.uuid(), { maxLength: 8 });
    fc.assert(
      fc.property(ids, ids, (before, change) => {
        const group = (members: string[]) => ({
          displayName: 'g',
          members: members.map(value => ({ value })),
        });
        const values = change.map(value => ({ value }));
        const apply = (...operations: ScimOperation[]) =>
          new Set(
            JSON.stringify(
              applyScimPatch(group(before), operations, groupAttributes)
                .members,
            ).match(/[0-9a-f-]{36}/g),
          );
        expect(apply({ op: 'add', path: 'members', value: values })).toEqual(
          new Set([...before, ...change]),
        );
        const rest = new Set(before.filter(id => !change.includes(id)));
        expect(apply({ op: 'remove', path: 'members', value: values })).toEqual(
          rest,
        );
        expect(
          apply(
            ...change.map(id => ({
              op: 'remove' as const,
              path: `members[value eq "${id}"]`,
            })),
          ),
        ).toEqual(rest);
        expect(apply({ op: 'replace', value: { members: values } })).toEqual(
          new Set(change),
        );
      }),
    );
  });
});
