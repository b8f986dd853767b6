/** Where a page stands in a repository. */
export interface RepositoryPlace {
  /** Branch or commit; the default branch without it. */
  ref?: string;
  /** From the root of the repository; `''` is the root. */
  path: string;
}

/**
 * The address of a place, below the address of the repository's page.
 *
 * @param base - such as `/git/aurora/checkout`
 */
export function repositoryHref(base: string, place: RepositoryPlace): string {
  const query = new URLSearchParams();
  if (place.ref) {
    query.set('ref', place.ref);
  }
  if (place.path) {
    query.set('path', place.path);
  }
  const search = query.toString();
  return search ? `${base}?${search}` : base;
}
