import { type MachineScope, type Role } from '@portico/plugin-tenancy-common';

/**
 * What a caller gets who holds one of the row's roles or scopes.
 *
 * - `allow`: yes
 * - `entities-readable`: entities of the own tenant and of `default`, the people of
 *   `default` left out
 * - `entities-own`: entities of the own tenant only
 * - `tasks-own`: tasks that the caller started
 * - `actions-listed`: scaffolder actions on the allow-list
 * - `never`: nobody; the row says why
 */
export type PolicyOutcome =
  | 'allow'
  | 'entities-readable'
  | 'entities-own'
  | 'tasks-own'
  | 'actions-listed'
  | 'never';

/** Who may do what one permission names. */
export interface PolicyRow {
  outcome: PolicyOutcome;
  /** Roles of people, one of which is needed. */
  roles: readonly Role[];
  /** Scopes of machines, one of which is needed; a machine's roles do not count. */
  scopes: readonly MachineScope[];
  why: string;
}

const everyone: readonly Role[] = [
  'viewer',
  'developer',
  'approver',
  'tenant-admin',
  'platform-admin',
  'auditor',
];
const developers: readonly Role[] = [
  'developer',
  'approver',
  'tenant-admin',
  'platform-admin',
];
const approvers: readonly Role[] = [
  'approver',
  'tenant-admin',
  'platform-admin',
];
const tenantAdmins: readonly Role[] = ['tenant-admin', 'platform-admin'];
const platformAdmins: readonly Role[] = ['platform-admin'];

function never(why: string): PolicyRow {
  return { outcome: 'never', roles: [], scopes: [], why };
}

const LOCATIONS = 'Sources of a tenant replace catalog locations.';

/**
 * One row for every permission of every installed plugin. A permission without a row
 * is denied, and a test fails.
 *
 * `platform-admin` and `auditor` count in the tenant `default` only, and there they
 * are the only roles that count; so a row that names `platform-admin` gives nothing in
 * another tenant.
 */
export const policyTable: ReadonlyMap<string, PolicyRow> = new Map<
  string,
  PolicyRow
>([
  // Catalog
  [
    'catalog.entity.read',
    {
      outcome: 'entities-readable',
      roles: everyone,
      scopes: ['catalog:read', 'releases:write', 'scaffolder:run'],
      why: 'Running a template begins with reading it, and announcing a release with its component.',
    },
  ],
  [
    'catalog.entity.refresh',
    {
      outcome: 'entities-own',
      roles: developers,
      scopes: [],
      why: 'A refresh costs work, so it stays inside the own tenant.',
    },
  ],
  [
    'catalog.entity.create',
    {
      outcome: 'allow',
      roles: developers,
      scopes: ['scaffolder:run'],
      why: 'Only shows the ways to create; the catalog itself offers none.',
    },
  ],
  [
    'catalog.entity.delete',
    never('An entity leaves when its source lets it go.'),
  ],
  [
    'catalog.entity.validate',
    never('It runs processors on any text with the portal’s own access.'),
  ],
  ['catalog.location.read', never(LOCATIONS)],
  ['catalog.location.create', never(LOCATIONS)],
  ['catalog.location.delete', never(LOCATIONS)],
  [
    'catalog.location.analyze',
    never('It reads any address with the portal’s own access.'),
  ],
  [
    'catalog.ingestion.read',
    never('It shows the state of all tenants’ providers.'),
  ],
  [
    'catalog.ingestion.manage',
    never('It changes the state of all tenants’ providers.'),
  ],

  // Scaffolder
  [
    'scaffolder.task.create',
    {
      outcome: 'allow',
      roles: developers,
      scopes: ['scaffolder:run'],
      why: 'The template itself must be readable too.',
    },
  ],
  [
    'scaffolder.task.read',
    {
      outcome: 'tasks-own',
      roles: everyone,
      scopes: ['scaffolder:run'],
      why: 'A task holds all that its starter typed in.',
    },
  ],
  [
    'scaffolder.task.cancel',
    {
      outcome: 'tasks-own',
      roles: developers,
      scopes: ['scaffolder:run'],
      why: 'A task is stopped by whoever started it.',
    },
  ],
  [
    'scaffolder.action.execute',
    {
      outcome: 'actions-listed',
      roles: developers,
      scopes: ['scaffolder:run'],
      why: 'Stock actions read and write with the portal’s own access.',
    },
  ],
  [
    'scaffolder.template.parameter.read',
    {
      outcome: 'allow',
      roles: everyone,
      scopes: ['scaffolder:run'],
      why: 'Whoever reads a template reads its form.',
    },
  ],
  [
    'scaffolder.template.step.read',
    {
      outcome: 'allow',
      roles: everyone,
      scopes: ['scaffolder:run'],
      why: 'Whoever reads a template reads its steps.',
    },
  ],
  [
    'scaffolder.template.dry-run',
    never('It runs any text as a template inside of the portal.'),
  ],
  [
    'scaffolder.template.management',
    never('Templates are edited in their repository.'),
  ],

  // Tenancy
  [
    'tenancy.tenant.manage',
    {
      outcome: 'allow',
      roles: platformAdmins,
      scopes: [],
      why: 'Tenants are the platform’s.',
    },
  ],
  [
    'tenancy.source.read',
    {
      outcome: 'allow',
      roles: everyone,
      scopes: ['catalog:read'],
      why: 'Whoever reads the entities may see where they come from.',
    },
  ],
  [
    'tenancy.source.refresh',
    {
      outcome: 'allow',
      roles: developers,
      scopes: [],
      why: 'Whoever pushes may ask for the result.',
    },
  ],
  [
    'tenancy.source.manage',
    {
      outcome: 'allow',
      roles: tenantAdmins,
      scopes: [],
      why: 'A source decides what the tenant’s catalog holds.',
    },
  ],
  [
    'tenancy.member.read',
    {
      outcome: 'allow',
      roles: everyone,
      scopes: ['catalog:read'],
      why: 'People of the own tenant are in its catalog as well.',
    },
  ],
  [
    'tenancy.member.manage',
    {
      outcome: 'allow',
      roles: tenantAdmins,
      scopes: [],
      why: 'It gives roles.',
    },
  ],
  [
    'tenancy.token.manage',
    {
      outcome: 'allow',
      roles: tenantAdmins,
      scopes: [],
      why: 'A machine token is a way in.',
    },
  ],

  // Bindings
  [
    'bindings.grant.read',
    {
      outcome: 'allow',
      roles: [...developers, 'auditor'],
      scopes: [],
      why: 'Whoever writes catalog files has to know what they may claim.',
    },
  ],
  [
    'bindings.grant.manage',
    {
      outcome: 'allow',
      roles: platformAdmins,
      scopes: [],
      why: 'External systems are shared; the platform says who may use what.',
    },
  ],
  [
    'bindings.credential.manage',
    {
      outcome: 'allow',
      roles: tenantAdmins,
      scopes: [],
      why: 'A credential opens the tenant’s part of an external system.',
    },
  ],

  // Operation
  [
    'operation.check.read',
    {
      outcome: 'allow',
      roles: platformAdmins,
      scopes: [],
      why: 'How the whole installation is doing is for the people who run it.',
    },
  ],

  // Audit
  [
    'audit.entry.read',
    {
      outcome: 'allow',
      roles: ['approver', 'tenant-admin', 'platform-admin', 'auditor'],
      scopes: [],
      why: 'Whoever answers for what was done sees it; the audit keeps to the own chain.',
    },
  ],
  [
    'audit.person.erase',
    {
      outcome: 'allow',
      roles: tenantAdmins,
      scopes: [],
      why: 'It cannot be undone, and only the person’s own tenant may wish it.',
    },
  ],

  // Kubernetes
  [
    'kubernetes.clusters.read',
    {
      outcome: 'allow',
      roles: everyone,
      scopes: [],
      why: 'Only clusters that the tenant was granted a namespace in are listed.',
    },
  ],
  [
    'kubernetes.resources.read',
    {
      outcome: 'allow',
      roles: everyone,
      scopes: [],
      why: 'Only namespaces that the tenant was granted are read, without secrets.',
    },
  ],
  [
    'kubernetes.log.read',
    {
      outcome: 'allow',
      roles: developers,
      scopes: [],
      why: 'A log may say more than it should, so whoever only looks on does not read it.',
    },
  ],
  [
    'kubernetes.proxy',
    never('It reaches all of a cluster with the portal’s own access.'),
  ],

  // Delivery
  [
    'promotions.read',
    {
      outcome: 'allow',
      roles: everyone,
      scopes: ['releases:write'],
      why: 'Only components of the own tenant that the caller can read are told of; CI sees what became of its release.',
    },
  ],
  [
    'promotions.release.announce',
    {
      outcome: 'allow',
      roles: developers,
      scopes: ['releases:write'],
      why: 'CI announces what it built; a release alone changes nothing that runs where people decide.',
    },
  ],
  [
    'promotions.release.reject',
    {
      outcome: 'allow',
      roles: approvers,
      scopes: [],
      why: 'A rejected release is never promoted again, whoever asks.',
    },
  ],
  [
    'promotions.request',
    {
      outcome: 'allow',
      roles: developers,
      scopes: [],
      why: 'Whoever pushes may ask; the gates decide.',
    },
  ],
  [
    'promotions.vote',
    {
      outcome: 'allow',
      roles: developers,
      scopes: [],
      why: 'A machine never votes. A rule may ask for people of any group, and which votes count is up to the rules of each gate.',
    },
  ],
  [
    'promotions.override',
    {
      outcome: 'allow',
      roles: approvers,
      scopes: [],
      why: 'Break glass goes past gates, with a second person who holds this too.',
    },
  ],
  [
    'promotions.operate',
    {
      outcome: 'allow',
      roles: tenantAdmins,
      scopes: [],
      why: 'It stops or starts automation for everybody in the tenant.',
    },
  ],

  // Local runtime
  [
    'local-runtime.read',
    {
      outcome: 'allow',
      roles: everyone,
      scopes: [],
      why: 'Only components of the own tenant that the caller can read are told of.',
    },
  ],
  [
    'local-runtime.log.read',
    {
      outcome: 'allow',
      roles: developers,
      scopes: [],
      why: 'A log may say more than it should, so whoever only looks on does not read it.',
    },
  ],
  [
    'local-runtime.operate',
    {
      outcome: 'allow',
      roles: developers,
      scopes: [],
      why: 'Whoever pushes may have it run again.',
    },
  ],

  // APIs
  [
    'api-try-out.request.send',
    {
      outcome: 'allow',
      roles: developers,
      scopes: [],
      why: 'A request may change something; only servers that the tenant was granted are asked.',
    },
  ],

  // Git host
  [
    'git-host.repository.read',
    {
      outcome: 'allow',
      roles: everyone,
      scopes: ['git:read', 'git:write'],
      why: 'A push begins with reading.',
    },
  ],
  [
    'git-host.repository.write',
    {
      outcome: 'allow',
      roles: developers,
      scopes: ['git:write'],
      why: 'Developers push.',
    },
  ],
  [
    'git-host.repository.create',
    {
      outcome: 'allow',
      roles: developers,
      scopes: ['git:write', 'scaffolder:run'],
      why: 'A golden path makes a repository.',
    },
  ],
]);
