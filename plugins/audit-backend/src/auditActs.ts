import { defineAuditAct } from '@portico/plugin-audit-node';

/** The acts that the audit itself records. */
export const auditEngineActs = {
  /** Written by the relay itself, in place of what waited. */
  unreadable: defineAuditAct({
    name: 'audit.entry.unreadable',
    severity: 'critical',
    when: 'An act waited to be chained in a form that cannot be chained; its digest is kept.',
    fields: ['payloadDigest'],
  }),
  introduceKey: defineAuditAct({
    name: 'audit.key.introduce',
    severity: 'high',
    when: 'The portal started with another key to sign checkpoints than before.',
    fields: ['details.introduced', 'details.previousKey'],
  }),
  prune: defineAuditAct({
    name: 'audit.chain.prune',
    severity: 'high',
    when: 'Entries older than the retention of the chain were removed.',
    fields: ['details.from', 'details.to', 'details.head', 'details.days'],
  }),
  conflict: defineAuditAct({
    name: 'audit.checkpoint.conflict',
    severity: 'critical',
    when: 'A place outside holds something else where a checkpoint belongs.',
    fields: ['details.destination', 'details.size'],
  }),
  erasePerson: defineAuditAct({
    name: 'audit.person.erase',
    severity: 'high',
    when: "Somebody destroyed a former member's personal data in the chain.",
    fields: ['reason'],
  }),
} as const;
