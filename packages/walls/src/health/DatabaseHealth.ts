import {
  type RootHealthService,
  type RootLifecycleService,
} from '@backstage/backend-plugin-api';
import { metrics } from '@opentelemetry/api';
import {
  type PluginMigrations,
  type PorticoDatabase,
  schemasBehind,
} from '@portico/database';

type Health = Awaited<ReturnType<RootHealthService['getReadiness']>>;

const MOST_MILLISECONDS = 2000;
const SILENT = 'The database does not answer';
const KEPT_FOR_MILLISECONDS = 1000;

/**
 * Ready only after start, before shutdown, and while the database answers and has the
 * tables that this version works with.
 */
export class DatabaseHealth implements RootHealthService {
  readonly #database: PorticoDatabase;
  readonly #now: () => number;
  #state: 'starting' | 'up' | 'stopping' = 'starting';
  readonly #migrations: readonly PluginMigrations[];
  #latest?: { trouble: Promise<string | undefined>; until: number };

  constructor(options: {
    database: PorticoDatabase;
    lifecycle: RootLifecycleService;
    /** What the database has to have been brought to. */
    migrations?: readonly PluginMigrations[];
    now?: () => number;
  }) {
    this.#database = options.database;
    this.#migrations = options.migrations ?? [];
    metrics
      .getMeter('portico-walls')
      .createObservableGauge('portico.database.up', {
        description: '1 while the database answers, else 0',
      })
      .addCallback(async result => {
        result.observe((await this.#trouble()) === SILENT ? 0 : 1);
      });
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
      case 'up': {
        const trouble = await this.#trouble();
        return trouble === undefined
          ? { status: 200, payload: { status: 'ok' } }
          : unready(trouble);
      }
      default: {
        const impossible: never = this.#state;
        throw new Error(`Unknown state ${String(impossible)}`);
      }
    }
  }

  /** Anybody may ask for health, so the database is asked once a second at most. */
  #trouble(): Promise<string | undefined> {
    const now = this.#now();
    if (!this.#latest || now >= this.#latest.until) {
      this.#latest = {
        trouble: this.#ask(),
        until: now + KEPT_FOR_MILLISECONDS,
      };
    }
    return this.#latest.trouble;
  }

  async #ask(): Promise<string | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>(resolve => {
      timer = setTimeout(() => resolve(SILENT), MOST_MILLISECONDS);
    });
    const asked = this.#database
      .asPlatform('readiness', transaction =>
        schemasBehind(transaction, this.#migrations),
      )
      .then(
        behind =>
          behind.length === 0
            ? undefined
            : `The database is not prepared for this version: the migrations of ${behind.join(
                ', ',
              )} are missing`,
        () => SILENT,
      );
    return Promise.race([asked, late]).finally(() => clearTimeout(timer));
  }
}

function unready(message: string): Health {
  return { status: 503, payload: { status: 'error', message } };
}
