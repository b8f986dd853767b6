import { defineAuditAct } from '@portico/plugin-audit-node';

/** What is done through the local runtime. */
export const localRuntimeAuditActs = {
  repeatRun: defineAuditAct({
    name: 'local-runtime.run.repeat',
    severity: 'low',
    when: 'Somebody has a commit built and tested again.',
    fields: ['run'],
  }),
  wake: defineAuditAct({
    name: 'local-runtime.service.wake',
    severity: 'low',
    when: 'Somebody wakes a service that sleeps.',
    fields: ['environment'],
  }),
  restart: defineAuditAct({
    name: 'local-runtime.service.restart',
    severity: 'medium',
    when: 'Somebody restarts a service.',
    fields: ['environment'],
  }),
} as const;
