import { isMarkdown } from '../fileKinds';

/** A page of a documentation, or a group of them. */
export type DocsNavEntry =
  /** `path` is from the documentation's folder; an index has no title of its own. */
  { title?: string; path: string } | { title: string; entries: DocsNavEntry[] };

const MAX_DEPTH = 5;

/** Reads the `nav` of an `mkdocs.yml`; leaves out what is not a page of the repository. */
export function docsNavOf(nav: unknown, depth = 0): DocsNavEntry[] {
  if (!Array.isArray(nav) || depth > MAX_DEPTH) {
    return [];
  }
  return nav.flatMap((item: unknown): DocsNavEntry[] => {
    if (typeof item === 'string') {
      return isPage(item) ? [pageOf(item)] : [];
    }
    if (typeof item !== 'object' || item === null) {
      return [];
    }
    return Object.entries(item).flatMap(([title, to]): DocsNavEntry[] => {
      if (typeof to === 'string') {
        return isPage(to) ? [{ title, path: to }] : [];
      }
      const entries = docsNavOf(to, depth + 1);
      return entries.length > 0 ? [{ title, entries }] : [];
    });
  });
}

/** Pages by the names of their files: an index first, then by name. */
export function docsNavOfFiles(paths: readonly string[]): DocsNavEntry[] {
  const order = (path: string) => path.replace(/(^|\/)index\.md$/i, '$1');
  return paths
    .filter(isPage)
    .sort((a, b) => order(a).localeCompare(order(b)))
    .map(pageOf);
}

/** The page that is shown when none was chosen. */
export function firstPage(nav: readonly DocsNavEntry[]): string | undefined {
  const [first] = nav;
  if (!first) {
    return undefined;
  }
  return 'path' in first ? first.path : firstPage(first.entries);
}

function isPage(path: string): boolean {
  return isMarkdown(path) && !/^[a-z][a-z0-9+.-]*:|^\/\//i.test(path);
}

function pageOf(path: string): DocsNavEntry {
  const name = path.replace(/\.[^.]*$/, '').replace(/(^|\/)index$/i, '');
  const words = (name.split('/').pop() ?? '').replace(/[-_]+/g, ' ').trim();
  return words === ''
    ? { path }
    : { path, title: words[0].toUpperCase() + words.slice(1) };
}
