import { type RepositoryName } from '../../api/GitHostApi';

/** Where the sources of an entity's documentation lie in the Git host. */
export interface DocsSource {
  name: RepositoryName;
  gitRef: string;
  /** Folder of `mkdocs.yml`, from the root of the repository; `''` is the root. */
  folder: string;
}

/**
 * Reads `backstage.io/techdocs-ref` (`dir:…`) against `backstage.io/source-location`.
 *
 * @param annotations - of the entity
 * @param gitHostUrl - such as `https://portal.example/api/git-host`
 * @returns nothing when the sources are not in this portal's Git host
 */
export function docsSourceOf(
  annotations: Readonly<Record<string, string>>,
  gitHostUrl: string,
): DocsSource | undefined {
  const docs = /^dir:(?<folder>.*)$/.exec(
    annotations['backstage.io/techdocs-ref'] ?? '',
  )?.groups?.folder;
  const location = annotations['backstage.io/source-location'] ?? '';
  const prefix = `url:${gitHostUrl.replace(/\/+$/, '')}/`;
  if (docs === undefined || !location.startsWith(prefix)) {
    return undefined;
  }
  let parts: string[];
  try {
    parts = location.slice(prefix.length).split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
  const [tenant, repository, src, kind, gitRef, ...path] = parts;
  if (!tenant || !repository || src !== 'src' || kind !== 'branch' || !gitRef) {
    return undefined;
  }
  // The last part is the file, or nothing for a folder.
  const folder = joinPath([...path.slice(0, -1), ...docs.split('/')]);
  return folder === undefined
    ? undefined
    : { name: { tenant, repository }, gitRef, folder };
}

/** Joins parts of a path; nothing where they lead out of the repository. */
export function joinPath(parts: readonly string[]): string | undefined {
  const joined: string[] = [];
  for (const part of parts.flatMap(each => each.split('/'))) {
    if (part === '..') {
      if (joined.pop() === undefined) {
        return undefined;
      }
    } else if (part !== '' && part !== '.') {
      joined.push(part);
    }
  }
  return joined.join('/');
}
