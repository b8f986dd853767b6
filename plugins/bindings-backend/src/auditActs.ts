import { defineAuditAct } from '@portico/plugin-audit-node';

/** The acts of the bindings, each recorded in the chain of the tenant. */
export const bindingsAuditActs = {
  addGrant: defineAuditAct({
    name: 'bindings.grant.add',
    severity: 'high',
    when: 'A tenant is granted a thing of an external system.',
    fields: ['kind', 'system', 'resource', 'shared'],
  }),
  revokeGrant: defineAuditAct({
    name: 'bindings.grant.revoke',
    severity: 'high',
    when: 'A grant is taken back; with the last one on a system its credential goes too.',
    fields: ['kind', 'system', 'resource', 'credentialRemoved'],
  }),
  setCredential: defineAuditAct({
    name: 'bindings.credential.set',
    severity: 'high',
    when: 'A credential for an external system is set or replaced.',
    fields: ['fields'],
  }),
  removeCredential: defineAuditAct({
    name: 'bindings.credential.remove',
    severity: 'high',
    when: 'A credential for an external system is removed.',
    fields: [],
  }),
  resealCredential: defineAuditAct({
    name: 'bindings.credential.reseal',
    severity: 'medium',
    when: 'A credential is sealed again because the newest sealing key has changed.',
    fields: ['fromKey', 'toKey'],
  }),
} as const;
