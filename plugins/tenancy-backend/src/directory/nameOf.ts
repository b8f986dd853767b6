import { MACHINE_PREFIX } from '../service/memberRows';

/** Names may have 63 characters; a number at the end needs some of them. */
const MOST_CHARACTERS = 56;

/**
 * The name that a person or group of a directory gets in refs, before a number tells it
 * from others: `Kim.Doe@example.org` becomes `kim-doe`.
 *
 * @param fallback - where nothing of the text can be in a name
 */
export function nameOf(text: string, fallback: string): string {
  const [local] = text.split('@');
  const name = (local || text)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{Mark}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MOST_CHARACTERS)
    .replace(/^-+|-+$/g, '');
  // Machines have names of their own, and no directory makes one.
  return name.startsWith(MACHINE_PREFIX) ? `user-${name}` : name || fallback;
}

/** The name, or the first of `name-2`, `name-3`, … that is not taken. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) {
    return name;
  }
  for (let number = 2; ; number += 1) {
    if (!taken.has(`${name}-${number}`)) {
      return `${name}-${number}`;
    }
  }
}
