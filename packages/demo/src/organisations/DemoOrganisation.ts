import { type PutGroup, type PutMember } from '@portico/plugin-tenancy-common';

/** What every form of a golden path asks. */
interface Answers {
  name: string;
  description: string;
  /** Name of the owning group of the same organisation. */
  owner: string;
}

/** Answers that name others of the same organisation, by name or by kind and name. */
interface Relations {
  system?: string;
  consumesApis?: string[];
  dependsOn?: string[];
  lifecycle?: 'experimental' | 'production';
}

interface DemoDomain extends Answers {
  template: 'domain';
  title: string;
}

interface DemoSystem extends Answers {
  template: 'system';
  title: string;
  domain: string;
  resources: Array<'database' | 'queue' | 'cache' | 'files'>;
}

interface DemoService extends Answers, Relations {
  template: 'typescript-service';
  size: 'S' | 'M' | 'L';
  exposure: 'internal' | 'public';
  example:
    | 'orders'
    | 'bookings'
    | 'articles'
    | 'payments'
    | 'parcels'
    | 'ratings';
}

interface DemoWorker extends Answers, Relations {
  template: 'typescript-worker';
  example: 'totals' | 'reminders';
  every: 'minute' | 'quarter' | 'hour';
  size: 'S' | 'M' | 'L';
}

interface DemoLibrary extends Answers, Pick<Relations, 'system' | 'lifecycle'> {
  template: 'typescript-library';
  example: 'money' | 'nights';
}

interface DemoSite extends Answers, Omit<Relations, 'dependsOn'> {
  template: 'static-site';
  example: 'handbook' | 'shopfront';
  exposure: 'internal' | 'public';
}

interface DemoRules extends Omit<Answers, 'description'> {
  template: 'delivery-rules';
  /** Name of the group that approves besides. */
  approvers: string;
  freeze: 'none' | 'weekends' | 'year-end';
}

/** A release on its way to production, and how far people let it. */
export interface DemoPromotion {
  /** Name of a component; its newest release is promoted. */
  component: string;
  environment: string;
  requestedBy: string;
  comment: string;
  /** Names of those who approve; others are waited for. */
  approvedBy: string[];
}

/** Something that a golden path makes, with the answers to its form. */
export type DemoThing =
  | DemoDomain
  | DemoSystem
  | DemoService
  | DemoWorker
  | DemoLibrary
  | DemoSite
  | DemoRules;

/** A sample organisation: everything that the demo makes in one tenant. */
export interface DemoOrganisation {
  id: string;
  title: string;
  groups: Record<string, PutGroup>;
  people: Record<string, PutMember>;
  /** In the order in which they are begun; what others name comes first. */
  things: DemoThing[];
  /** Why nothing gets into an environment, told by a person who may stop the line. */
  stop?: { environment: string; by: string; reason: string };
  /** Asked for after the rest is there. */
  promotions: DemoPromotion[];
}

/** Name of the person who runs golden paths for a team: its first developer. */
export function creatorOf(
  { id, people }: Pick<DemoOrganisation, 'id' | 'people'>,
  team: string,
): string {
  const found = Object.entries(people).find(
    ([, { roles = [], groups = [] }]) =>
      roles.includes('developer') && groups.includes(team),
  );
  if (!found) {
    throw new Error(`The team ${id}/${team} of the demo has no developer.`);
  }
  return found[0];
}

/** Ref of the catalog entity that a thing becomes. */
export function entityRefOf(
  tenant: string,
  { template, name }: Pick<DemoThing, 'template' | 'name'>,
): string {
  if (template === 'delivery-rules') {
    return `pipeline:${tenant}/default`;
  }
  const kind =
    template === 'domain' || template === 'system' ? template : 'component';
  return `${kind}:${tenant}/${name}`;
}

/** A thing's answers as the form of its golden path takes them. */
export function formValues(
  tenant: string,
  thing: DemoThing,
): Record<string, unknown> {
  const { template: _, owner, ...answers } = thing;
  const values: Record<string, unknown> = {
    ...answers,
    owner: `group:${tenant}/${owner}`,
  };
  const inTenant = (ref: string) => ref.replace(':', `:${tenant}/`);
  if ('approvers' in thing) {
    values.approvers = `group:${tenant}/${thing.approvers}`;
  }
  if ('domain' in thing) {
    values.domain = `domain:${tenant}/${thing.domain}`;
  }
  if ('system' in thing && thing.system) {
    values.system = `system:${tenant}/${thing.system}`;
  }
  if ('consumesApis' in thing && thing.consumesApis) {
    values.consumesApis = thing.consumesApis.map(
      name => `api:${tenant}/${name}`,
    );
  }
  if ('dependsOn' in thing && thing.dependsOn) {
    values.dependsOn = thing.dependsOn.map(inTenant);
  }
  return values;
}
