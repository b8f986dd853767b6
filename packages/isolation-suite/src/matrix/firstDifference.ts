const BEFORE = 200;
const AFTER = 500;

/** The place where an answer and its reference part, with some of what is around it. */
export function firstDifference(answer: string, reference: string): string {
  let place = 0;
  while (place < answer.length && answer[place] === reference[place]) {
    place += 1;
  }
  const around = (text: string) =>
    text.slice(Math.max(0, place - BEFORE), place + AFTER);
  return `…${around(answer)} — in place of: …${around(reference)}`;
}
