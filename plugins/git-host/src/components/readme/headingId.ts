/** Ids of headings have a prefix, so that a document's meet none of the page. */
export function headingId(text: string): string {
  const slug = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
  return `readme-${slug}`;
}
