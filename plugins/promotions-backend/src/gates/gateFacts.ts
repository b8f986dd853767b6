import { InputError } from '@backstage/errors';
import { type Promotion, type Voter } from '@portico/plugin-promotions-common';
import {
  type CheckSource,
  type GateFacts,
} from '@portico/plugin-promotions-node';
import { type DirectoryMember } from '@portico/plugin-tenancy-node';
import { type GateSources } from './GateSources';
import { matchAuthors } from './promotionAuthors';

/** What the gates of one promotion can look at, bound to its tenant and component. */
export function gateFacts(options: {
  sources: GateSources;
  checkSources: readonly CheckSource[];
  tenant: string;
  promotion: Promotion;
  signal: AbortSignal;
}): GateFacts {
  const { sources, checkSources, tenant, promotion, signal } = options;
  const { component, release } = promotion;
  return {
    votes: () => sources.votes({ tenant, id: promotion.id }),
    voters: async () => (await sources.members(tenant)).map(toVoter),
    authors: async () =>
      matchAuthors(
        tenant,
        await sources.authors({ tenant, promotion }),
        await sources.members(tenant),
      ),
    stops: () => sources.stops(tenant),
    deployments: environment =>
      sources.deployments({ tenant, component, environment }),
    observe: environment =>
      sources.observe({ tenant, component, environment, signal }),
    checks: async () => {
      if (!release.content.source) {
        throw new InputError(
          `The release ${release.content.version} does not say from which commit it was built: announce it with its source`,
        );
      }
      const checks = await Promise.all(
        checkSources.map(source => source.checks({ tenant, release, signal })),
      );
      return checks.flat();
    },
    component: () => sources.component({ tenant, component }),
    dependants: () => sources.dependants({ tenant, component }),
  };
}

/** A member as votes are counted by. */
export function toVoter(member: DirectoryMember): Voter {
  return {
    ref: member.userRef,
    kind: member.kind,
    belongsTo: [
      ...member.groups,
      ...(member.groupsAbove ?? []),
      ...member.roles.map(role => `role:${role}`),
    ],
  };
}
