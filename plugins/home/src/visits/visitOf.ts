import { z } from 'zod';

/** A page that somebody looked at. */
export const visitSchema = z.object({
  page: z.enum(['entity', 'docs', 'repository']),
  /** `kind:namespace/name`; of a repository `repository:tenant/name`. */
  ref: z.string().max(300),
  at: z.iso.datetime(),
});
export type Visit = z.infer<typeof visitSchema>;

const patterns = [
  { page: 'entity', pattern: /^\/catalog\/([^/]+)\/([^/]+)\/([^/]+)/ },
  { page: 'docs', pattern: /^\/docs\/([^/]+)\/([^/]+)\/([^/]+)/ },
  { page: 'repository', pattern: /^\/git\/([^/]+)\/()([^/]+)/ },
] as const;

/**
 * What an address is about.
 *
 * @param path - of the address, without the path that the portal itself lies under
 * @returns nothing for pages that are always at hand, such as those of the navigation
 */
export function visitOf(path: string): Omit<Visit, 'at'> | undefined {
  for (const { page, pattern } of patterns) {
    const match = pattern.exec(path);
    if (match) {
      try {
        const [namespace, kind, name] = match.slice(1).map(decodeURIComponent);
        return {
          page,
          ref: `${kind || 'repository'}:${namespace}/${name}`.toLocaleLowerCase(
            'en-US',
          ),
        };
      } catch {
        return undefined;
      }
    }
  }
  return undefined;
}

/** The namespace, which is the tenant, of what was visited. */
export function tenantOfVisit(visit: Pick<Visit, 'ref'>): string {
  return /^[^:]+:([^/]+)\//.exec(visit.ref)?.[1] ?? '';
}
