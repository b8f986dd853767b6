import { defineAuditAct } from '@portico/plugin-audit-node';

/** The acts that the Git host records; each as `started`, and then how it ended. */
export const gitHostAuditActs = {
  create: defineAuditAct({
    name: 'git-host.repository.create',
    severity: 'medium',
    when: 'A repository is made, by a template or from the platform’s folders.',
    fields: ['details.partOf'],
  }),
  delete: defineAuditAct({
    name: 'git-host.repository.delete',
    severity: 'high',
    when: 'A repository is deleted with all of its history.',
    fields: ['details.partOf'],
  }),
  push: defineAuditAct({
    name: 'git-host.repository.push',
    severity: 'medium',
    when: 'Branches or tags are pushed, or a template commits; also when the push is refused. Cloning and fetching is not recorded.',
    fields: [
      'details.refs (ref, before, after)',
      'details.count',
      'details.notMoved',
      'details.partOf',
      'payloadDigest',
      'reason',
    ],
  }),
} as const;
