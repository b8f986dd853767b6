import { type AuditAct, actNameSchema } from '@portico/plugin-audit-common';

/**
 * Declares a kind of act that a plugin records; a row of the table in `docs/audit.md`.
 *
 * @throws ZodError when the name is not `<plugin>.<noun>.<verb>`
 */
export function defineAuditAct(act: AuditAct): AuditAct {
  actNameSchema.parse(act.name);
  return Object.freeze(act);
}
