import { defineAuditAct } from '@portico/plugin-audit-node';

/** The acts that the walls record. */
export const wallsAuditActs = {
  refuse: defineAuditAct({
    name: 'access.request.refuse',
    severity: 'medium',
    when: 'Somebody who is signed in is answered 403 on a route that writes.',
    fields: ['reason', 'details.method', 'details.route', 'details.permission'],
  }),
} as const;
