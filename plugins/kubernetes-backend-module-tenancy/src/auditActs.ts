import { defineAuditAct } from '@portico/plugin-audit-node';

/** What is recorded of reading clusters, in the chain of the tenant. */
export const kubernetesAuditActs = {
  readLog: defineAuditAct({
    name: 'kubernetes.log.read',
    severity: 'low',
    when: 'The log of a container is given out; written before it is read.',
    fields: ['entityRef', 'container', 'previous', 'lines'],
  }),
} as const;
