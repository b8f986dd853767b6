import { defineAuditAct } from '@portico/plugin-audit-node';

const ENDS = 'as `started`, and then how it ended';

/**
 * Acts of stock plugins, as they arrive over the auditor service. What those plugins
 * merely read is only logged. What else they tell of an event is kept as a digest.
 */
export const bridgedAuditActs = {
  catalogRefresh: defineAuditAct({
    name: 'catalog.entity-mutate.refresh',
    severity: 'medium',
    when: `Somebody asks for an entity to be processed again: ${ENDS}.`,
    fields: ['details.entityRef'],
  }),
  taskCreate: defineAuditAct({
    name: 'scaffolder.task.create',
    severity: 'medium',
    when: `Somebody starts a template: ${ENDS}.`,
    fields: ['details.templateRef', 'details.taskId'],
  }),
  taskExecution: defineAuditAct({
    name: 'scaffolder.task.execution',
    severity: 'medium',
    when: `A task of a template runs for whoever started it: ${ENDS}.`,
    fields: ['details.templateRef', 'details.taskId', 'payloadDigest'],
  }),
  taskCancel: defineAuditAct({
    name: 'scaffolder.task.cancel',
    severity: 'medium',
    when: `Somebody cancels a task: ${ENDS}.`,
    fields: ['details.taskId'],
  }),
  taskRetry: defineAuditAct({
    name: 'scaffolder.task.retry',
    severity: 'medium',
    when: `Somebody runs a task again: ${ENDS}.`,
    fields: ['details.taskId'],
  }),
  taskStaleCancel: defineAuditAct({
    name: 'scaffolder.task.stale-cancel',
    severity: 'medium',
    when: `The portal gives up a task whose worker is gone: ${ENDS}.`,
    fields: ['details.taskId'],
  }),
} as const;
