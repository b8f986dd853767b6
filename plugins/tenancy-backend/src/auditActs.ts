import { defineAuditAct } from '@portico/plugin-audit-node';

const MEMBER_FIELDS = [
  'change.*.displayName (personal)',
  'change.*.email (personal)',
  'change.*.identity (personal)',
  'change.*.roles',
  'change.*.groups',
  'change.*.disabled',
] as const;

const GROUP_FIELDS = [
  'change.*.displayName',
  'change.*.type',
  'change.*.parent',
  'change.*.roles',
] as const;

const SESSION_FIELDS = ['details.method', 'details.issuedAt'] as const;

/** The acts that the tenancy records. */
export const tenancyAuditActs = {
  tenantCreate: defineAuditAct({
    name: 'tenancy.tenant.create',
    severity: 'high',
    when: 'The platform makes a tenant.',
    fields: ['change.after.title'],
  }),
  memberAdd: defineAuditAct({
    name: 'tenancy.member.add',
    severity: 'high',
    when: 'A person becomes a member of a tenant, also by configuration or as a persona of development.',
    fields: MEMBER_FIELDS,
  }),
  memberChange: defineAuditAct({
    name: 'tenancy.member.change',
    severity: 'high',
    when: 'Name, e-mail address, identity, roles or groups of a member change, or a disabled member is let in again.',
    fields: MEMBER_FIELDS,
  }),
  memberDisable: defineAuditAct({
    name: 'tenancy.member.disable',
    severity: 'high',
    when: 'A member is disabled, which ends all of their sessions.',
    fields: [...MEMBER_FIELDS, 'details.sessionsEnded'],
  }),
  memberRemove: defineAuditAct({
    name: 'tenancy.member.remove',
    severity: 'high',
    when: 'A member is removed, which ends all of their sessions.',
    fields: [...MEMBER_FIELDS, 'details.sessionsEnded'],
  }),
  groupAdd: defineAuditAct({
    name: 'tenancy.group.add',
    severity: 'medium',
    when: 'A group is made.',
    fields: GROUP_FIELDS,
  }),
  groupChange: defineAuditAct({
    name: 'tenancy.group.change',
    severity: 'medium',
    when: 'Name, type, parent or roles of a group change.',
    fields: GROUP_FIELDS,
  }),
  groupRemove: defineAuditAct({
    name: 'tenancy.group.remove',
    severity: 'medium',
    when: 'A group is removed; its members leave it.',
    fields: [...GROUP_FIELDS, 'details.members (personal)', 'details.count'],
  }),
  groupMembers: defineAuditAct({
    name: 'tenancy.group.members',
    severity: 'high',
    when: 'The directory of a tenant lets people into a group or takes them out of it, which changes their rights.',
    fields: [
      'details.added (personal)',
      'details.removed (personal)',
      'details.addedCount',
      'details.removedCount',
    ],
  }),
  directoryConnect: defineAuditAct({
    name: 'tenancy.directory.connect',
    severity: 'high',
    when: 'A tenant gets a directory that may write its people and groups.',
    fields: ['change.*.kind', 'change.*.issuer', 'change.*.subject'],
  }),
  directoryDisconnect: defineAuditAct({
    name: 'tenancy.directory.disconnect',
    severity: 'high',
    when: 'The directory of a tenant is disconnected; people and groups stay, and are kept by hand from then on.',
    fields: ['change.before.kind', 'details.people', 'details.groups'],
  }),
  directoryHold: defineAuditAct({
    name: 'tenancy.directory.hold',
    severity: 'high',
    when: 'So many people, groups or memberships are missing in a directory at once that nobody is removed until somebody looks at it.',
    fields: ['reason'],
  }),
  directoryTokenCreate: defineAuditAct({
    name: 'tenancy.directory-token.create',
    severity: 'high',
    when: 'A directory gets a token to write people and groups with; its secret is never recorded.',
    fields: ['details.expiresAt'],
  }),
  directoryTokenRevoke: defineAuditAct({
    name: 'tenancy.directory-token.revoke',
    severity: 'high',
    when: 'A token of a directory is revoked.',
    fields: [],
  }),
  directoryRefuse: defineAuditAct({
    name: 'tenancy.directory.refuse',
    severity: 'medium',
    when: 'A directory tries a wrong, expired or revoked token: once a minute for each token, and for each address where it is of nobody known.',
    fields: ['reason', 'details.times'],
  }),
  sourceRegister: defineAuditAct({
    name: 'tenancy.source.register',
    severity: 'medium',
    when: 'A tenant gets a source of its catalog, also by a template.',
    fields: ['change.after.location'],
  }),
  sourceRemove: defineAuditAct({
    name: 'tenancy.source.remove',
    severity: 'medium',
    when: 'A source is removed, and what it declared leaves the catalog.',
    fields: ['change.before.location', 'details.entities'],
  }),
  sourceRead: defineAuditAct({
    name: 'tenancy.source.read',
    severity: 'low',
    when: 'Somebody asks for a source to be read again.',
    fields: [],
  }),
  webhookCreate: defineAuditAct({
    name: 'tenancy.webhook.create',
    severity: 'medium',
    when: "The secret of a source's webhook is made; it is shown once, and never recorded.",
    fields: ['details.sealingKey'],
  }),
  webhookAccept: defineAuditAct({
    name: 'tenancy.webhook.accept',
    severity: 'low',
    when: 'A delivery with the right signature leads to a source being read. The same delivery again leaves nothing.',
    fields: ['details.delivery'],
  }),
  webhookRefuse: defineAuditAct({
    name: 'tenancy.webhook.refuse',
    severity: 'medium',
    when: 'A delivery has a wrong or old signature: once a minute for each source, and for each address where the source is unknown.',
    fields: ['reason', 'details.times'],
  }),
  tokenCreate: defineAuditAct({
    name: 'tenancy.token.create',
    severity: 'high',
    when: 'A machine gets a token; its secret is never recorded.',
    fields: [
      'details.machine',
      'details.scopes',
      'details.expiresAt',
      'details.newMachine',
    ],
  }),
  tokenRevoke: defineAuditAct({
    name: 'tenancy.token.revoke',
    severity: 'high',
    when: 'A machine token is revoked, which ends the sessions of its machine.',
    fields: ['details.machine', 'details.sessionsEnded'],
  }),
  deviceApprove: defineAuditAct({
    name: 'tenancy.device.approve',
    severity: 'high',
    when: 'A person lets a device, such as the command line, act for them.',
    fields: ['details.client'],
  }),
  deviceTake: defineAuditAct({
    name: 'tenancy.device.take',
    severity: 'medium',
    when: 'A device takes what was approved, once.',
    fields: ['details.client'],
  }),
  sessionStart: defineAuditAct({
    name: 'tenancy.session.start',
    severity: 'low',
    when: 'Somebody signs in, or renews their session: by persona, OpenID Connect, machine token or device.',
    fields: [...SESSION_FIELDS, 'details.expiresAt', 'details.scopes'],
  }),
  sessionEnd: defineAuditAct({
    name: 'tenancy.session.end',
    severity: 'low',
    when: 'Somebody signs out, or all of their sessions are ended.',
    fields: ['details.sessionsEnded'],
  }),
  sessionRefuse: defineAuditAct({
    name: 'tenancy.session.refuse',
    severity: 'medium',
    when: 'A sign-in is refused though an identity was proven or a token tried: once a minute for each member or token, and for each address where it is of nobody known.',
    fields: ['reason', 'details.method', 'details.times'],
  }),
} as const;
