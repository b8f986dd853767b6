import { type PorticoDatabase } from '@portico/database';
import { deliveryEventSchema } from '@portico/plugin-promotions-common';
import { z } from 'zod';
import { type StoredEvent } from './cloudEventOf';

const BATCH = 200;

const rowSchema = z.object({
  writer: z.string(),
  sequence: z.string(),
  tenant: z.string(),
  at: z.date(),
  event: deliveryEventSchema,
});

/** Id of an event: where it stands among all. */
const idPattern = /^(\d{1,20})-(\d{1,19})$/;

/** The changes of delivery of all tenants, in the order in which they were committed. */
export class EventTable {
  readonly #database: Pick<PorticoDatabase, 'statementAsPlatform'>;

  constructor(database: Pick<PorticoDatabase, 'statementAsPlatform'>) {
    this.#database = database;
  }

  /**
   * What was committed after an event, oldest first; from the oldest that is kept when the
   * id is undefined or none of ours.
   */
  async after(id: string | undefined): Promise<StoredEvent[]> {
    const [, writer = '0', sequence = '0'] = idPattern.exec(id ?? '') ?? [];
    const rows = await this.#database.statementAsPlatform({
      name: 'promotions-events-to-publish',
      // Only what no running transaction can come before any more.
      text: `select writer::text, sequence::text, tenant, at, event
               from portico_promotions.events
              where writer < pg_snapshot_xmin(pg_current_snapshot())
                and (writer, sequence) > ($1::xid8, $2::bigint)
              order by writer, sequence limit ${BATCH}`,
      values: [writer, sequence],
    });
    return rows.map(row => {
      const { tenant, at, event, ...place } = rowSchema.parse(row);
      return { id: `${place.writer}-${place.sequence}`, tenant, at, event };
    });
  }
}
