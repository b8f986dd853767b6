/**
 * Where a notification leads: a path of the portal, opened in place, or an address of
 * another site. Anything else is no link.
 */
export function linkTarget(link: string | undefined): string | undefined {
  if (!link) {
    return undefined;
  }
  const url = URL.parse(link, window.location.origin);
  if (url?.origin === window.location.origin) {
    return `${url.pathname}${url.search}${url.hash}`;
  }
  return url && ['https:', 'http:', 'mailto:'].includes(url.protocol)
    ? url.href
    : undefined;
}
