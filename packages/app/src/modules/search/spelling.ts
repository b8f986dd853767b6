/** Words that are there, with how often. */
export type Vocabulary = ReadonlyMap<string, number>;

const SHORTEST_WORD = 3;
/** Up to this length only one letter may differ; two would make another word of it. */
const SHORT_WORD = 5;

/** The words of texts, in small letters. */
export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word.length >= SHORTEST_WORD);
}

/** Counts the words of texts. */
export function makeVocabulary(
  texts: Iterable<{ text: string; count: number }>,
): Vocabulary {
  const vocabulary = new Map<string, number>();
  for (const { text, count } of texts) {
    for (const word of wordsOf(text)) {
      vocabulary.set(word, (vocabulary.get(word) ?? 0) + count);
    }
  }
  return vocabulary;
}

/**
 * The text with each unknown word replaced by the nearest one of the vocabulary.
 *
 * @returns nothing when no word is unknown, or an unknown one is like no other
 */
export function correctSpelling(
  text: string,
  vocabulary: Vocabulary,
): string | undefined {
  const known = [...vocabulary];
  const words = text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  let isChanged = false;
  const corrected: string[] = [];
  for (const word of words) {
    if (
      word.length < SHORTEST_WORD ||
      known.some(([candidate]) => candidate.startsWith(word))
    ) {
      corrected.push(word);
      continue;
    }
    const nearest = nearestWord(word, known);
    if (nearest === undefined) {
      return undefined;
    }
    isChanged = true;
    corrected.push(nearest);
  }
  return isChanged ? corrected.join(' ') : undefined;
}

function nearestWord(
  word: string,
  known: [string, number][],
): string | undefined {
  const limit = word.length <= SHORT_WORD ? 1 : 2;
  let best: { word: string; distance: number; count: number } | undefined;
  for (const [candidate, count] of known) {
    const distance = editDistance(word, candidate, best?.distance ?? limit);
    if (
      distance <= limit &&
      (best === undefined ||
        distance < best.distance ||
        (distance === best.distance &&
          (count > best.count ||
            (count === best.count && candidate < best.word))))
    ) {
      best = { word: candidate, distance, count };
    }
  }
  return best?.word;
}

/**
 * How many letters have to be added, left out, replaced or swapped with their neighbour
 * to make one word of another; more than `limit` is only told as more.
 */
export function editDistance(
  one: string,
  other: string,
  limit = Infinity,
): number {
  if (Math.abs(one.length - other.length) > limit) {
    return limit + 1;
  }
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1];
      row[j] = Math.min(
        last[j] + 1,
        row[j - 1] + 1,
        last[j - 1] + (isSame ? 0 : 1),
      );
      if (
        i > 1 &&
        j > 1 &&
        one[i - 1] === other[j - 2] &&
        one[i - 2] === other[j - 1]
      ) {
        row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
      }
    }
    if (Math.min(...row) > limit) {
      return limit + 1;
    }
    beforeLast = last;
    last = row;
  }
  return last[other.length];
}
