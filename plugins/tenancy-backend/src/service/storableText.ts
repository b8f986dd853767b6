/** Text as PostgreSQL can hold it: no null characters, no half Unicode characters. */
export function storableText(text: string): string {
  return text.replace(/[\0\p{Cs}]/gu, '\uFFFD');
}
