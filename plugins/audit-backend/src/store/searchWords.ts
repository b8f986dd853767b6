/**
 * A text as the words that full text search keeps and looks for: letters and digits of
 * any script, in lower case, parted by single blanks. `component:aurora/check-out` has
 * the words `component aurora check out`.
 */
export function searchWords(text: string): string {
  // most texts are plain, and three times as fast then
  if (/^[\0-\x7f]*$/.test(text)) {
    return text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, ' ')
      .trim();
  }
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}
