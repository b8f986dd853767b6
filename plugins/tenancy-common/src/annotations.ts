/** Prefix of the origin that Portico's provider writes: `portico:<tenant>/<source>`. */
export const ORIGIN_PREFIX = 'portico:';

/** The origin of all entities of one source. */
export function sourceOrigin(tenant: string, source: string): string {
  return `${ORIGIN_PREFIX}${tenant}/${source}`;
}

/**
 * Takes an origin apart.
 *
 * @returns undefined when the text is no origin of Portico's provider
 */
export function parseSourceOrigin(
  origin: string,
): { tenant: string; source: string } | undefined {
  const match = /^portico:([a-z0-9-]+)\/([a-z0-9._-]+)$/.exec(origin);
  return match ? { tenant: match[1], source: match[2] } : undefined;
}

/** Name of the built-in source of a tenant's people and groups. */
export const DIRECTORY_SOURCE = 'directory';
