import { type PorticoDatabase } from '@portico/database';
import { type OperationCheck } from '@portico/plugin-operation-node';
import { type Figure } from '@portico/telemetry';
import { z } from 'zod';

const LATE_ENTRY_SECONDS = 60;
/** Beyond the pause that is configured between two checkpoints. */
const LATE_CHECKPOINT_SECONDS = 300;

const stateSchema = z.object({
  rows: z.tuple([
    z.object({
      unchained: z.coerce.number(),
      lag: z.coerce.number(),
      unsigned: z.coerce.number(),
    }),
  ]),
});
const destinationsSchema = z.object({
  rows: z.array(z.object({ name: z.string(), undelivered: z.coerce.number() })),
});

/** How far relay, checkpoints and their deliveries are behind, over all chains. */
export class AuditState {
  static readonly figures = {
    'portico.audit.unchained_entries':
      'Acts that were recorded and are in no chain yet',
    'portico.audit.lag_seconds': 'Age of the oldest of them; 0 without any',
    'portico.audit.checkpoint_age_seconds':
      'Age of the oldest entry that no checkpoint covers; 0 without any',
    'portico.audit.undelivered_checkpoints':
      'Checkpoints that a place outside did not get yet',
  };

  readonly #database: PorticoDatabase;
  readonly #destinations: readonly string[];
  readonly #everyMilliseconds: number;
  readonly #now: () => Date;

  constructor(options: {
    database: PorticoDatabase;
    /** Names of the places outside that keep checkpoints. */
    destinations: readonly string[];
    /** Pause between two checkpoints. */
    everyMilliseconds: number;
    now: () => Date;
  }) {
    this.#database = options.database;
    this.#destinations = options.destinations;
    this.#everyMilliseconds = options.everyMilliseconds;
    this.#now = options.now;
  }

  /** For `portico doctor`. */
  checks(): OperationCheck[] {
    return [
      {
        name: 'audit relay',
        look: async () => {
          const { unchained, lag } = await this.#read();
          const found = `${unchained} acts are in no chain yet, the oldest for ${Math.round(
            lag,
          )} s`;
          return lag > LATE_ENTRY_SECONDS
            ? {
                status: 'failed',
                found,
                hint: 'Look whether a worker runs (role worker or all), and into its log',
              }
            : { status: 'ok', found };
        },
      },
      {
        name: 'audit checkpoints',
        look: async () => {
          const { unsigned } = await this.#read();
          const waiting = (await this.#undelivered()).filter(
            ({ undelivered }) => undelivered > 0,
          );
          const found = [
            `The oldest entry without a checkpoint is ${Math.round(
              unsigned,
            )} s old`,
            ...waiting.map(
              ({ name, undelivered }) =>
                `${name} did not get ${undelivered} checkpoints`,
            ),
          ].join('; ');
          const late =
            unsigned > this.#everyMilliseconds / 1000 + LATE_CHECKPOINT_SECONDS;
          if (late) {
            return {
              status: 'failed',
              found,
              hint: 'Look for "checkpoint" in the log of the workers: a chain may not be what was signed before',
            };
          }
          return waiting.length > 0
            ? {
                status: 'warning',
                found,
                hint: 'Look whether that place can be reached and written to; its failures are on the page of the audit',
              }
            : { status: 'ok', found };
        },
      },
    ];
  }

  async readFigures(): Promise<Figure[]> {
    const { unchained, lag, unsigned } = await this.#read();
    const name = 'portico.audit.undelivered_checkpoints';
    return [
      { name: 'portico.audit.unchained_entries', value: unchained },
      { name: 'portico.audit.lag_seconds', value: lag },
      { name: 'portico.audit.checkpoint_age_seconds', value: unsigned },
      ...(await this.#undelivered()).map(one => ({
        name,
        value: one.undelivered,
        labels: { destination: one.name },
      })),
    ];
  }

  async #read() {
    const answer = await this.#database.asPlatform(
      'how far the audit is behind',
      transaction =>
        transaction.raw(
          `select waiting.*, unsigned.* from
             (select count(*) as unchained,
                     greatest(0, coalesce(extract(epoch from :now - min(occurred_at)), 0)) as lag
                from portico_audit.outbox) as waiting,
             (select greatest(0, coalesce(extract(epoch from :now - min(entry.occurred_at)), 0))
                       as unsigned
                from portico_audit.chains
                join lateral (
                  select occurred_at from portico_audit.entries
                   where chain = chains.chain and sequence > coalesce(
                     (select max(size) from portico_audit.checkpoints
                       where chain = chains.chain), 0)
                   order by sequence limit 1
                ) as entry on true) as unsigned`,
          { now: this.#now() },
        ),
    );
    return stateSchema.parse(answer).rows[0];
  }

  async #undelivered() {
    const answer = await this.#database.asPlatform(
      'how far deliveries of checkpoints are behind',
      transaction =>
        transaction.raw(
          `select destination.name, count(checkpoint.size) as undelivered
             from unnest(?::text[]) as destination (name)
             left join portico_audit.checkpoints as checkpoint on checkpoint.size > coalesce(
               (select max(size) from portico_audit.deliveries
                 where deliveries.destination = destination.name
                   and deliveries.chain = checkpoint.chain and outcome <> 'failed'), 0)
            group by destination.name order by destination.name`,
          [[...this.#destinations]],
        ),
    );
    return destinationsSchema.parse(answer).rows;
  }
}
