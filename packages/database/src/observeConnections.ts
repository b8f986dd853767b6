import { metrics } from '@opentelemetry/api';

/** Connections of a pool at a moment. */
export interface PoolState {
  /** Such as `transactions`. */
  pool: string;
  used: number;
  idle: number;
  /** Callers that wait for a connection. */
  waiting: number;
}

/** Shows how the pools of the portal's own database are used. */
export function observeConnections(states: () => readonly PoolState[]): void {
  metrics
    .getMeter('portico-database')
    .createObservableGauge('portico.database.connections', {
      description:
        'Connections to the database by pool and state; waiting are callers without one',
    })
    .addCallback(result => {
      for (const { pool, ...counts } of states()) {
        for (const [state, count] of Object.entries(counts)) {
          result.observe(count, { pool, state });
        }
      }
    });
}
