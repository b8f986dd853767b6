import { InputError } from '@backstage/errors';
import { searchWords } from '../store/searchWords';

/** One word, or several that stand together. */
export interface TextTerm {
  /** Words as the index has them, parted by blanks. */
  words: string;
  /** Entries with it are left out. */
  excluded: boolean;
}

const MOST_TERMS = 10;

/**
 * Takes a search text apart: words, "words in quotes" that stand together, and each of
 * them with a `-` before it to leave entries out. What has neither letter nor digit
 * says nothing and is skipped.
 *
 * @throws InputError when nothing to look for is left, or too much
 */
export function parseTextTerms(text: string): TextTerm[] {
  const terms = [...text.matchAll(/(-?)(?:"([^"]*)"?|([^\s"]+))/g)].flatMap(
    ([, minus, quoted, bare]) => {
      const words = searchWords(quoted ?? bare ?? '');
      return words ? [{ words, excluded: minus === '-' }] : [];
    },
  );
  if (terms.length === 0) {
    throw new InputError(
      'The text to search for has neither a letter nor a digit',
    );
  }
  if (terms.length > MOST_TERMS) {
    throw new InputError(
      `The text to search for has ${terms.length} parts, at most ${MOST_TERMS} are looked for`,
    );
  }
  return terms;
}
