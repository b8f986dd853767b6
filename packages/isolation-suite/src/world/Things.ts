import { createHash } from 'node:crypto';

/**
 * What a request can name: something of each kind that one tenant has. Of a tenant that
 * does not exist, all of it does not exist.
 */
export interface Things {
  tenant: string;
  /** Names of entities in the tenant's namespace. */
  component: string;
  api: string;
  resource: string;
  system: string;
  domain: string;
  template: string;
  /** Id that the catalog gave to the component. */
  uid: string;
  /** Words that stand in the tenant's entities. */
  title: string;
  tag: string;
  label: string;
  annotation: string;
  lifecycle: string;
  type: string;
  group: string;
  subgroup: string;
  member: string;
  person: string;
  machine: string;
  machineTokenId: string;
  /** The secret of a machine token that was revoked. */
  revokedToken: string;
  source: string;
  repository: string;
  branch: string;
  /** A file that stands in the branch only. */
  file: string;
  commit: string;
  task: string;
  notification: string;
  topic: string;
  userCode: string;
  bucket: string;
  settingKey: string;
  /** Cursors that the portal gave to the tenant's own people. */
  catalogCursor: string;
  searchCursor: string;
  auditEntry: string;
  /** Id of a grant. */
  binding: string;
  /** A namespace in the cluster that was granted. */
  namespace: string;
  /** Id of a run of the local runtime. */
  run: string;
  /** Ids of a release, of a promotion of it, of a stop of the line, and of a drift. */
  release: string;
  promotion: string;
  stop: string;
  drift: string;
  /** A cursor that the portal gave for the tenant's promotions. */
  promotionCursor: string;
  /** A component that claims a namespace of another tenant. */
  thief: string;
}

/** Names that nobody has, in the form of those that somebody has. */
export const ghost: Things = {
  tenant: 'isolnone',
  component: 'svc-ghostlyabsent',
  api: 'api-ghostlyabsent',
  resource: 'res-ghostlyabsent',
  system: 'sys-ghostlyabsent',
  domain: 'dom-ghostlyabsent',
  template: 'tpl-ghostlyabsent',
  uid: '00000000-0000-4000-8000-00000000abcd',
  title: 'ghostlyabsent71',
  tag: 'ghostlyabsent72',
  label: 'ghostlyabsent73',
  annotation: 'ghostlyabsent74',
  lifecycle: 'ghostlyabsent75',
  type: 'ghostlyabsent76',
  group: 'team-ghostlyabsent',
  subgroup: 'subteam-ghostlyabsent',
  member: 'ghostlydev',
  person: 'person-ghostlyabsent',
  machine: 'bot-ghostlyabsent',
  machineTokenId: '0badc0de0badc0de',
  revokedToken: `portico_isolnone_0badc0de0badc0de_${'g'.repeat(43)}`,
  source: 'src-ghostlyabsent',
  repository: 'repo-ghostlyabsent',
  branch: 'branch-ghostlyabsent',
  file: 'secret-ghostlyabsent.txt',
  commit: '0123456789abcdef0123456789abcdef01234567',
  task: '00000000-0000-4000-8000-00000000dcba',
  notification: '00000000-0000-4000-8000-00000000cdef',
  topic: 'ghostlyabsent77',
  userCode: 'ZZZZ-ZZZY',
  bucket: 'bucket-ghostlyabsent',
  settingKey: 'key-ghostlyabsent',
  catalogCursor: cursorOf('ghostlyabsent'),
  searchCursor: Buffer.from('1').toString('base64'),
  auditEntry: '00000000-0000-4000-8000-00000000fedc',
  binding: '00000000-0000-4000-8000-00000000edcb',
  namespace: 'ns-ghostlyabsent',
  run: '0badc0de0badc0de0badc0de-1',
  release: `sha256:${'0badc0de'.repeat(8)}`,
  promotion: '00000000-0000-7000-8000-00000000abce',
  stop: '00000000-0000-4000-8000-00000000abcf',
  drift: '00000000-0000-4000-8000-00000000abd0',
  promotionCursor: Buffer.from(
    JSON.stringify(['00000000-0000-7000-8000-00000000abce']),
  ).toString('base64url'),
  thief: 'thief-ghostlyabsent',
};

/** A cursor of the catalog, as somebody could write one who knows its form. */
function cursorOf(name: string): string {
  return Buffer.from(
    JSON.stringify({
      filter: { anyOf: [{ key: 'metadata.name', values: [name] }] },
      orderFields: [{ field: 'metadata.name', order: 'asc' }],
      orderFieldValues: ['a', 'b'],
      isPrevious: false,
      totalItems: 1,
    }),
  ).toString('base64');
}

/** Names that the given tenant could have, but does not: other ones for each tenant. */
export function absentIn(tenant: string): Things {
  const word = `void${tenant.replaceAll('-', 'x')}`;
  const digits = createHash('sha256').update(tenant).digest('hex').slice(0, 4);
  const other = Object.entries(ghost).map(([key, value]) => [
    key,
    value
      .replaceAll(ghost.tenant, tenant)
      .replaceAll('ghostly', word)
      .replace(/^0000(?=0000-)/, digits)
      .replace('0123456789abcdef', `${digits}456789abcdef`)
      .replace('0badc0de', `${digits}c0de`)
      .replace('ZZZZ', 'YYYY'),
  ]);
  return {
    ...ghost,
    ...Object.fromEntries(other),
    catalogCursor: cursorOf(`${word}absent`),
  };
}
