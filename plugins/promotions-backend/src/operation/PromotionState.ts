import { type PorticoDatabase } from '@portico/database';
import { type OperationCheck } from '@portico/plugin-operation-node';
import { type Figure } from '@portico/telemetry';
import { z } from 'zod';

const LATE_SECONDS = 60;

const stateSchema = z.object({
  rows: z.array(
    z.object({
      phase: z.string(),
      open: z.coerce.number(),
      overdue: z.coerce.number(),
    }),
  ),
});

/** How many promotions of all tenants are on their way, and whether one is left alone. */
export class PromotionState {
  static readonly figures = {
    'portico.promotions.open': 'Promotions that have not ended, by phase',
    'portico.promotions.overdue_seconds':
      'For how long the oldest promotion has been due that nobody looks at; 0 without any',
  };

  readonly #database: PorticoDatabase;
  readonly #now: () => Date;

  constructor(options: { database: PorticoDatabase; now: () => Date }) {
    this.#database = options.database;
    this.#now = options.now;
  }

  /** For `portico doctor`. */
  check(): OperationCheck {
    return {
      name: 'promotions',
      look: async () => {
        const phases = await this.#read();
        const open = phases.reduce((sum, phase) => sum + phase.open, 0);
        const overdue = Math.max(0, ...phases.map(phase => phase.overdue));
        const found = `${open} are on their way; the one that waits longest to be looked at has been due for ${Math.round(
          overdue,
        )} s`;
        return overdue > LATE_SECONDS
          ? {
              status: 'failed',
              found,
              hint: 'Look whether a worker runs (role worker or all), and into its log',
            }
          : { status: 'ok', found };
      },
    };
  }

  async readFigures(): Promise<Figure[]> {
    const phases = await this.#read();
    return [
      ...phases.map(({ phase, open }) => ({
        name: 'portico.promotions.open',
        value: open,
        labels: { phase },
      })),
      {
        name: 'portico.promotions.overdue_seconds',
        value: Math.max(0, ...phases.map(phase => phase.overdue)),
      },
    ];
  }

  async #read() {
    const answer = await this.#database.asPlatform(
      'count promotions that are on their way',
      transaction =>
        transaction.raw(
          `select phase, count(*) as open,
                  coalesce(max(extract(epoch from :now - due_at)) filter (
                    where due_at <= :now and (leased_until is null or leased_until < clock_timestamp())
                  ), 0) as overdue
             from portico_promotions.promotions where ended_at is null
            group by phase order by phase`,
          { now: this.#now() },
        ),
    );
    return stateSchema.parse(answer).rows;
  }
}
