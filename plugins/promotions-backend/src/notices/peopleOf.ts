import { type DirectoryMember } from '@portico/plugin-tenancy-node';
import { isPerson } from './Message';

/** Those of the members who are, or are in a group of, one of these refs. */
export function peopleOf(
  refs: readonly string[],
  members: readonly DirectoryMember[],
): string[] {
  return members
    .filter(isPerson)
    .filter(
      ({ userRef, groups, groupsAbove = [] }) =>
        refs.includes(userRef) ||
        [...groups, ...groupsAbove].some(group => refs.includes(group)),
    )
    .map(({ userRef }) => userRef);
}
