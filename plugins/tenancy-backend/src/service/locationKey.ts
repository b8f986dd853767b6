import { InputError } from '@backstage/errors';
import { type SourceLocation } from '@portico/plugin-tenancy-common';
import path from 'path';

/**
 * The one spelling of a source's address, which only one source of all tenants
 * may have. The format is stored: change it with a migration only.
 *
 * @throws InputError when the address leaves its repository or carries a password
 */
export function locationKey(tenant: string, location: SourceLocation): string {
  switch (location.kind) {
    case 'repository':
      return [
        `repository:${tenant}/${location.repository}`,
        location.branch,
        normalizePath(location.path),
      ].join('\n');
    case 'url':
      return `url:${normalizeUrl(location.url)}`;
    default:
      throw new InputError(
        `Unknown kind of source: ${JSON.stringify(location satisfies never)}`,
      );
  }
}

function normalizePath(file: string): string {
  const normal = path.posix.normalize(file);
  if (
    normal.startsWith('/') ||
    normal.split('/').includes('..') ||
    normal === '.' ||
    /[\\\p{Cc}]/u.test(file)
  ) {
    throw new InputError(
      `${JSON.stringify(
        file,
      )} is no path of a source: expected a file or folder inside the repository, such as catalog-info.yaml`,
    );
  }
  return normal.replace(/\/$/, '');
}

function normalizeUrl(text: string): string {
  const url = new URL(text);
  if (url.username || url.password) {
    throw new InputError(
      'The address of a source must not contain a user name or password: credentials belong to the integration of its host',
    );
  }
  // The protocol, letter case and escapes make no second source of one file.
  return `${url.host}${decode(url.pathname)}${decode(url.search)}`
    .replace(/\/+$/, '')
    .toLowerCase();
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new InputError(
      `${JSON.stringify(
        text,
      )} in the address of the source is not well escaped: % must be followed by the two digits of a UTF-8 byte`,
    );
  }
}
