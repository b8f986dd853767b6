import { type RepositoryPath } from '@portico/plugin-git-host-node';
import {
  isRefName,
  isRepositoryAddress,
  isRepositoryPath,
} from './repositoryAddress';

/** `<baseUrl>/<tenant>/<repository>/src/branch/<ref>/<path>`. */
export function repositoryUrl(baseUrl: string, path: RepositoryPath): string {
  const parts = [
    path.tenant,
    path.repository,
    'src',
    'branch',
    path.ref,
    ...path.path.split('/'),
  ];
  return `${baseUrl}/${parts.map(encodeURIComponent).join('/')}`;
}

/**
 * The reverse of {@link repositoryUrl}; `src/commit/<id>` is understood as well.
 * Whatever the URL normalises to is what counts, and each part is decoded once.
 *
 * @returns undefined for any other address
 */
export function parseRepositoryUrl(
  baseUrl: string,
  url: string,
): RepositoryPath | undefined {
  let parsed: URL;
  const base = new URL(baseUrl);
  try {
    parsed = new URL(url);
  } catch {
    return undefined;
  }
  const prefix = `${base.pathname}/`;
  if (
    parsed.origin !== base.origin ||
    parsed.username !== '' ||
    parsed.password !== '' ||
    !parsed.pathname.startsWith(prefix)
  ) {
    return undefined;
  }
  return parseRepositoryUrlPath(parsed.pathname.slice(prefix.length));
}

/** The part of an address after the base, still percent-encoded. */
export function parseRepositoryUrlPath(
  encoded: string,
): RepositoryPath | undefined {
  const parts: string[] = [];
  for (const part of encoded.split('/')) {
    try {
      parts.push(decodeURIComponent(part));
    } catch {
      return undefined;
    }
  }
  const [tenant, repository, src, kind, ref, ...rest] = parts;
  if (src !== 'src' || (kind !== 'branch' && kind !== 'commit') || !ref) {
    return undefined;
  }
  // One slash at the end names the same folder.
  if (rest.at(-1) === '') {
    rest.pop();
  }
  // A slash that was encoded would move the borders between the parts.
  if (rest.some(part => part.includes('/'))) {
    return undefined;
  }
  const path = rest.join('/');
  if (
    !isRepositoryAddress({ tenant, repository }) ||
    !isRefName(ref) ||
    rest.includes('') ||
    !isRepositoryPath(path)
  ) {
    return undefined;
  }
  return { tenant, repository, ref, path };
}
