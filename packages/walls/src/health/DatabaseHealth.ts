import {
  type RootHealthService,
  type RootLifecycleService,
} from '@backstage/backend-plugin-api';
import { type PorticoDatabase } from '@portico/database';

type Health = Awaited<ReturnType<RootHealthService['getReadiness']>>;

const MOST_MILLISECONDS = 2000;
const KEPT_FOR_MILLISECONDS = 1000;

/** Ready only after start, before shutdown, and while the database answers. */
export class DatabaseHealth implements RootHealthService {
  readonly #database: PorticoDatabase;
  readonly #now: () => number;
  #state: 'starting' | 'up' | 'stopping' = 'starting';
  #latest?: { answer: Promise<boolean>; until: number };

  constructor(options: {
    database: PorticoDatabase;
    lifecycle: RootLifecycleService;
    now?: () => number;
  }) {
    this.#database = options.database;
    this.#now = options.now ?? (() => performance.now());
    options.lifecycle.addStartupHook(() => {
      this.#state = 'up';
    });
    options.lifecycle.addBeforeShutdownHook(() => {
      this.#state = 'stopping';
    });
  }

  async getLiveness(): Promise<Health> {
    return { status: 200, payload: { status: 'ok' } };
  }

  async getReadiness(): Promise<Health> {
    switch (this.#state) {
      case 'starting':
        return unready('The backend has not started yet');
      case 'stopping':
        return unready('The backend is shutting down');
      case 'up':
        return (await this.#databaseAnswers())
          ? { status: 200, payload: { status: 'ok' } }
          : unready('The database does not answer');
      default: {
        const impossible: never = this.#state;
        throw new Error(`Unknown state ${String(impossible)}`);
      }
    }
  }

  /** Anybody may ask for health, so the database is asked once a second at most. */
  #databaseAnswers(): Promise<boolean> {
    const now = this.#now();
    if (!this.#latest || now >= this.#latest.until) {
      this.#latest = {
        answer: this.#ask(),
        until: now + KEPT_FOR_MILLISECONDS,
      };
    }
    return this.#latest.answer;
  }

  async #ask(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>(resolve => {
      timer = setTimeout(() => resolve(false), MOST_MILLISECONDS);
    });
    const answered = this.#database
      .asPlatform('readiness', async transaction => {
        await transaction.raw('select 1');
        return true;
      })
      .catch(() => false);
    return Promise.race([answered, late]).finally(() => clearTimeout(timer));
  }
}

function unready(message: string): Health {
  return { status: 503, payload: { status: 'error', message } };
}
