/** Something that can be opened: a page, a template, a thing of the catalog, an act. */
export interface QuickOpenEntry {
  id: string;
  section: 'pages' | 'create' | 'catalog' | 'actions';
  title: string;
  /** Told beside the title: kind, owner. */
  detail?: string;
  keys?: string;
  run(): void;
}

/**
 * The entries that have every word of the text in their title or detail; those whose
 * title begins with the text come first within their section.
 */
export function matchEntries(
  entries: QuickOpenEntry[],
  text: string,
): QuickOpenEntry[] {
  const wanted = text.trim().toLocaleLowerCase();
  const words = wanted.split(/\s+/).filter(Boolean);
  const found = entries.filter(({ title, detail = '' }) => {
    const content = `${title} ${detail}`.toLocaleLowerCase();
    return words.every(word => content.includes(word));
  });
  const begins = ({ title }: QuickOpenEntry) =>
    Number(!title.toLocaleLowerCase().startsWith(wanted));
  return found.sort((one, other) => begins(one) - begins(other));
}
