/** Address of a page of the documentation that the current address is about. */
export function docsPageHref(page: string): string {
  const query = new URLSearchParams({ page });
  return `${window.location.pathname}?${query}`;
}
