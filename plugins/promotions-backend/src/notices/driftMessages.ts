import { type Entity, parseEntityRef } from '@backstage/catalog-model';
import { type DirectoryMember } from '@portico/plugin-tenancy-node';
import { componentName, isPerson, type Message } from './Message';
import { peopleOf } from './peopleOf';

/** What is told of drift: all that is there in one environment, in one message. */
export interface DriftNews {
  component: string;
  environment: string;
  /** Reasons of what was not told before, oldest first. */
  reasons: readonly string[];
  /** As the catalog says now. */
  entity: Pick<Entity, 'relations'>;
  members: readonly DirectoryMember[];
}

/** The owners are told; where the owner has no people, the administrators are. */
export function driftMessages(news: DriftNews): Message[] {
  const { component, environment, reasons } = news;
  const [first, ...others] = reasons;
  if (first === undefined) {
    return [];
  }
  const { namespace, name } = parseEntityRef(component);
  return [
    {
      to: ownersOf(news),
      title: `${componentName(
        component,
      )} does not run in ${environment} as it is declared`,
      description:
        others.length > 0 ? `${first} And ${others.length} more.` : first,
      link: `/catalog/${namespace}/component/${name}/delivery`,
      severity: 'normal',
      topic: 'drift',
      scope: `drift:${component}:${environment}`,
    },
  ];
}

function ownersOf({ entity, members }: DriftNews): string[] {
  const owners = (entity.relations ?? [])
    .filter(({ type }) => type === 'ownedBy')
    .map(({ targetRef }) => targetRef);
  const owning = peopleOf(owners, members);
  return owning.length > 0
    ? owning
    : members
        .filter(isPerson)
        .filter(({ roles }) => roles.includes('tenant-admin'))
        .map(({ userRef }) => userRef);
}
