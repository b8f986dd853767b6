/**
 * A text as the words that full text search keeps and looks for: letters and digits of
 * any script, in lower case, parted by single blanks. `component:aurora/check-out` has
 * the words `component aurora check out`.
 */
export function searchWords(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}
