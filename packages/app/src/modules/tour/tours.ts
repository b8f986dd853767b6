import { type Role } from '@portico/plugin-tenancy-common';

/** Whom a tour is for. */
export type TourName =
  | 'platform'
  | 'auditor'
  | 'admin'
  | 'lead'
  | 'engineer'
  | 'viewer';

/** What a step shows; the texts are the translations below `tour.steps`. */
export type TourStepName =
  | 'home'
  | 'service'
  | 'system'
  | 'create'
  | 'repository'
  | 'search'
  | 'api'
  | 'dependencies'
  | 'deployments'
  | 'members'
  | 'sources'
  | 'tokens'
  | 'audit'
  | 'evidence'
  | 'catalog'
  | 'team'
  | 'docs'
  | 'tenants'
  | 'goldenPaths'
  | 'portal';

/** Something to try, and where. */
export interface TourStep {
  name: TourStepName;
  href: string;
}

/** Three minutes for one kind of person. */
export interface Tour {
  name: TourName;
  steps: TourStep[];
}

/** A person as far as a tour depends on it. */
export interface TourPerson {
  tenant: string;
  roles: readonly Role[];
}

/** What the tours show of each sample organisation, and who leads through it. */
export const samples: Partial<
  Record<
    string,
    {
      component: string;
      system: string;
      team: string;
      words: string;
      guides: readonly string[];
    }
  >
> = {
  aurora: {
    component: 'order-intake',
    system: 'ordering',
    team: 'checkout',
    words: 'orders',
    guides: ['kim', 'robin', 'alex', 'vera'],
  },
  borealis: {
    component: 'room-booking',
    system: 'reservations',
    team: 'bookings',
    words: 'rooms',
    guides: ['lee', 'noor', 'sam', 'kim'],
  },
};

/** The first of these roles that a person has decides. */
const tourOfRole: readonly [Role, TourName][] = [
  ['platform-admin', 'platform'],
  ['auditor', 'auditor'],
  ['tenant-admin', 'admin'],
  ['approver', 'lead'],
  ['developer', 'engineer'],
  ['viewer', 'viewer'],
];

const stepsOfTour: Record<TourName, readonly TourStepName[]> = {
  engineer: ['home', 'service', 'repository', 'create', 'search'],
  lead: ['system', 'service', 'dependencies', 'api', 'deployments'],
  admin: ['members', 'sources', 'tokens', 'audit'],
  viewer: ['catalog', 'team', 'service', 'docs'],
  platform: ['tenants', 'goldenPaths', 'create', 'portal', 'audit'],
  auditor: ['audit', 'evidence', 'catalog'],
};

/** The tour for somebody with these roles; what their tenant has no sample of is left out. */
export function tourOf(person: TourPerson): Tour | undefined {
  const name = tourOfRole.find(([role]) => person.roles.includes(role))?.[1];
  if (!name) {
    return undefined;
  }
  const steps = stepsOfTour[name].flatMap((step): TourStep[] => {
    const href = hrefOf(step, person.tenant);
    return href ? [{ name: step, href }] : [];
  });
  return { name, steps };
}

function hrefOf(step: TourStepName, tenant: string): string | undefined {
  const sample = samples[tenant];
  switch (step) {
    case 'home':
      return '/';
    case 'service':
      return sample && `/catalog/${tenant}/component/${sample.component}`;
    case 'system':
      return sample && `/catalog/${tenant}/system/${sample.system}`;
    case 'create':
      return '/create/templates';
    case 'repository':
      return sample && `/git/${tenant}/${sample.component}`;
    case 'search':
      return sample && `/search?query=${sample.words}`;
    case 'api':
      return sample && `/catalog/${tenant}/api/${sample.component}-api`;
    case 'dependencies':
      return (
        sample &&
        `/catalog-graph?rootEntityRefs[]=component:${tenant}/${sample.component}`
      );
    case 'deployments':
      return sample && `/git/${tenant}/deployments`;
    case 'members':
      return '/tenancy/members';
    case 'sources':
      return '/tenancy/sources';
    case 'tokens':
      return '/tenancy/tokens';
    case 'audit':
      return '/audit/entries';
    case 'evidence':
      return '/audit/evidence';
    case 'catalog':
      return '/catalog';
    case 'team':
      return sample && `/catalog/${tenant}/group/${sample.team}`;
    case 'docs':
      return '/docs';
    case 'tenants':
      return '/tenancy/tenants';
    case 'goldenPaths':
      return '/git/default/golden-paths';
    case 'portal':
      return '/catalog/default/system/portico';
    default: {
      const unknown: never = step;
      throw new Error(`Unknown step ${unknown}`);
    }
  }
}

/** The path of a step, without what follows the question mark. */
export function pathOf(step: TourStep): string {
  return step.href.split('?')[0];
}
