import {
  covers,
  isPattern,
  parseResourceName,
  type BindingKind,
} from './bindingKind';
import { type Claim } from './claim';

/** The part of a grant and its system that a claim is held against. */
export interface GrantedResource {
  kind: BindingKind;
  system: string;
  /** Host of the system's address. */
  host: string;
  resource: string;
}

/** A thing that is both claimed and granted. */
export interface MatchedResource {
  system: string;
  resource: string;
}

/**
 * - `not-granted`: nothing that the tenant was granted fits
 * - `incomplete`: a grant of many names fits, and the claim does not say which
 */
export type ClaimProblem = 'not-granted' | 'incomplete';

/**
 * Holds a claim against what a tenant was granted.
 *
 * @param grants - those of the tenant whose entity claims, and of no other
 */
export function matchClaim(
  claim: Claim,
  grants: readonly GrantedResource[],
): MatchedResource[] | ClaimProblem {
  const fitting = grants.filter(
    grant =>
      grant.kind === claim.kind &&
      (claim.systems === undefined || claim.systems.includes(grant.system)) &&
      (claim.host === undefined || claim.host === grant.host),
  );
  const matched = new Map<string, MatchedResource>();
  for (const grant of fitting) {
    const resource = matchResource(claim, grant.resource);
    if (resource !== undefined) {
      matched.set(JSON.stringify([grant.system, resource]), {
        system: grant.system,
        resource,
      });
    }
  }
  if (matched.size > 0) {
    return [...matched.values()];
  }
  return claim.resource === undefined && fitting.length > 0
    ? 'incomplete'
    : 'not-granted';
}

function matchResource(claim: Claim, granted: string): string | undefined {
  const { kind, resource } = claim;
  if (resource === undefined) {
    // The names that a pattern stands for are not known without asking for all.
    return isPattern(granted) ? undefined : granted;
  }
  if (kind === 'sentry-project' && !resource.includes('/')) {
    // Without the organisation, which the grant names.
    return granted.endsWith(`/${resource}`) ? granted : undefined;
  }
  return covers(kind, granted, resource)
    ? parseResourceName(kind, resource)
    : undefined;
}
