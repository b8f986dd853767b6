import { parseEntityRef } from '@backstage/catalog-model';
import { type Promotion } from '@portico/plugin-promotions-common';
import { type DirectoryMember } from '@portico/plugin-tenancy-node';

/** What is told to people of one tenant. */
export interface Message {
  /** Refs of users. */
  to: string[];
  title: string;
  description: string;
  /** A path of the portal. */
  link: string;
  severity: 'normal' | 'high' | 'critical';
  /** People can switch off each topic for themselves. */
  topic: 'approvals' | 'promotions' | 'break-glass' | 'drift';
  /** A newer message of the same scope takes the place of the older one. */
  scope: string;
}

/** The page of a promotion. */
export function promotionLink(id: string): string {
  return `/delivery/promotions/${id}`;
}

/** `checkout 1.4.0`. */
export function nameOf({ component, release }: Promotion): string {
  return `${componentName(component)} ${release.content.version}`;
}

export function componentName(ref: string): string {
  return parseEntityRef(ref).name;
}

/** What a person is called; without a member of that ref, the ref's own name. */
export function personName(
  ref: string,
  members: readonly DirectoryMember[],
): string {
  return (
    members.find(({ userRef }) => userRef === ref)?.displayName ??
    ref.slice(ref.search(/[/:][^/:]*$/) + 1)
  );
}

export function isPerson({ kind }: DirectoryMember): boolean {
  return kind === 'person';
}
