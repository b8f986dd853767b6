import { type PortalAnswer, type PortalRequest } from '../http/PortalAnswer';
import { type Things } from '../world/Things';
import { type World } from '../world/World';
import { legible, wordsOf } from './normalise';

/** Longest name, in characters, that is taken out as a whole word only. */
const SHORT = 4;

/** Whose words an answer may hold. */
export interface AllowedWords {
  /** Ids of tenants; `default` for the platform's people. */
  tenants: ReadonlySet<string>;
}

/**
 * Finds what an answer says of tenants that it should not know: their canaries, and their
 * ids. What the request itself said does not count when it comes back.
 */
export function findForeignWords(options: {
  world: World;
  request: PortalRequest;
  answer: PortalAnswer;
  of: Things;
  own: Things;
  allowed: AllowedWords;
  /** Names of things of all tenants may come back from earlier requests. */
  remembers?: boolean;
}): string[] {
  const { world, request, answer, of, own, allowed, remembers } = options;
  const asked = wordsOf(request);
  let text = legible(
    `${JSON.stringify(answer.headers)}\n${answer.body}`,
  ).toLowerCase();
  // Longest first: a name may be a part of another.
  const named = remembers
    ? world.tenants.flatMap(({ things }) => Object.values(things))
    : [...Object.values(of), ...Object.values(own)].filter(value =>
        asked.includes(legible(value).toLowerCase()),
      );
  const echoed = [...new Set(named.map(value => legible(value).toLowerCase()))]
    .filter(value => value !== '')
    .sort((one, other) => other.length - one.length);
  for (const value of echoed) {
    // A short one may be a part of words that have nothing to do with it.
    text =
      value.length > SHORT ? text.replaceAll(value, '') : without(text, value);
  }
  const foreign = [...world.tenants, world.platform].filter(
    ({ id }) => !allowed.tenants.has(id),
  );
  return foreign.flatMap(({ id, canaries }) => {
    const words = text.match(new RegExp(`${canaries.stem}\\d*`, 'g')) ?? [];
    const namesTenant = id !== world.platform.id && wholeWord(id).test(text);
    return [
      ...[...new Set(words)].map(
        word => `${word} (${canaries.placeOf(word)} of ${id})`,
      ),
      ...(namesTenant ? [`the tenant id ${id}`] : []),
    ];
  });
}

function without(text: string, word: string): string {
  return text.replace(wholeWord(word), '');
}

function wholeWord(word: string): RegExp {
  const literal = word.replace(/[^a-z0-9-]/g, '\\$&');
  return new RegExp(`(?<![a-z0-9-])${literal}(?![a-z0-9-])`, 'g');
}
