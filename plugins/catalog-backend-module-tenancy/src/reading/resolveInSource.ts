import { posix } from 'node:path';
import { type CatalogSourceAddress, folderUrl } from './CatalogSourceAddress';

// Characters that URLs, globs or other systems read as more than a file name.
// eslint-disable-next-line no-control-regex
const UNSAFE_IN_PATH = /[\\%?#*[\]{}\u0000-\u001f\u007f]/;

/**
 * Resolves a relative path against the folder of a file, inside the source.
 *
 * @param target - what the file says, such as `./openapi.yaml`
 * @param file - path of the file that says it, from the source's root
 * @returns the path from the source's root (`''` for the root itself);
 *   `undefined` when the target is not a plain relative path or leaves the source
 */
export function resolvePathInSource(
  target: string,
  file: string,
): string | undefined {
  if (
    target === '' ||
    target.startsWith('/') ||
    target.includes(':') ||
    UNSAFE_IN_PATH.test(target)
  ) {
    return undefined;
  }
  const resolved = posix.join(posix.dirname(file), target);
  if (resolved === '..' || resolved.startsWith('../')) {
    return undefined;
  }
  return resolved === '.' || resolved === './'
    ? ''
    : resolved.replace(/\/$/, '');
}

/**
 * Tells whether a reference, relative or absolute, stays below the source's root
 * when a reader resolves it as a URL against the file's folder.
 */
export function staysInSource(
  target: string,
  address: CatalogSourceAddress,
  file: string,
): boolean {
  if (!/^[a-z][a-z0-9+.-]*:/i.test(target)) {
    return resolvePathInSource(target, file) !== undefined;
  }
  let url: URL;
  try {
    url = new URL(target, folderUrl(address, file));
  } catch {
    return false;
  }
  if (url.username || url.password || target.includes('\\')) {
    return false;
  }
  const root = address.rootUrl;
  // The branch in the root may be encoded; what comes after it must be plain, so
  // that no later decoding finds another way out.
  return (
    url.href.startsWith(root) &&
    target.startsWith(root) &&
    !UNSAFE_IN_PATH.test(target.slice(root.length))
  );
}
