import { defineAuditAct } from '@portico/plugin-audit-node';

/** What is recorded of trying APIs out, in the chain of the caller's tenant. */
export const apiTryOutAuditActs = {
  send: defineAuditAct({
    name: 'api-try-out.request.send',
    severity: 'medium',
    when: 'A request is sent to a server of an API from its page; written before it is sent, without body, query and headers. Refused where the server’s name leads to an address that may not be asked.',
    fields: ['method', 'path', 'server'],
  }),
} as const;
