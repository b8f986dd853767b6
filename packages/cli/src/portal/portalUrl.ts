import { UsageError } from '../output/UsageError';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Checks the address of a portal and brings it into one form, without a slash at
 * the end.
 *
 * @throws UsageError when it is no address, or would carry the token in clear text
 */
export function readPortalUrl(
  text: string,
  options: { insecureHttp: boolean },
): string {
  if (!URL.canParse(text)) {
    throw new UsageError(
      `--url is ${text}, expected an address such as https://portal.example.com`,
    );
  }
  const url = new URL(text);
  if (
    (url.protocol !== 'https:' && url.protocol !== 'http:') ||
    url.username ||
    url.password ||
    url.search ||
    url.hash
  ) {
    throw new UsageError(
      'The address of the portal must be plain http or https, without user, query or fragment',
    );
  }
  if (
    url.protocol === 'http:' &&
    !LOOPBACK.test(url.hostname) &&
    !options.insecureHttp
  ) {
    throw new UsageError(
      `${url.origin} is plain http, so the token would travel in clear text: use https, or --insecure-http if you must`,
    );
  }
  return url.href.replace(/\/+$/, '');
}
