import { type PorticoDatabase } from '@portico/database';
import {
  type AuditDraft,
  auditDraftSchema,
} from '@portico/plugin-audit-common';
import { z } from 'zod';

const rowsSchema = z.array(z.object({ draft: auditDraftSchema }));

/** What waits in the outbox, oldest first, for tests of what records acts. */
export async function recordedActs(
  database: PorticoDatabase,
  act?: string,
): Promise<AuditDraft[]> {
  const { rows } = await database.asPlatform('read what was recorded', trx =>
    trx.raw('select draft from portico_audit.outbox order by position'),
  );
  return rowsSchema
    .parse(rows)
    .map(({ draft }) => draft)
    .filter(draft => act === undefined || draft.act === act);
}
