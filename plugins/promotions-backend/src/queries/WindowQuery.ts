import { type BackstageCredentials } from '@backstage/backend-plugin-api';
import { type Entity } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import { type CatalogService } from '@backstage/plugin-catalog-node';
import { type PorticoDatabase } from '@portico/database';
import {
  type FreezeWindow,
  freezeWindowsOf,
  type GateDeclaration,
  type LineStop,
  pipelineSpecSchema,
  stopsOf,
  type WindowCalendar,
  type WindowOccurrence,
  windowOccurrences,
  windowStanding,
} from '@portico/plugin-promotions-common';
import { PLATFORM_TENANT } from '@portico/plugin-tenancy-common';
import { StopStore } from '../store/StopStore';
import { readEnvironments } from './readEnvironments';

/** The pipeline of every component that names no other. */
const DEFAULT_PIPELINE = 'default';
const MOST_PIPELINES = 200;
const MOST_OCCURRENCES = 5_000;
const LONGEST_MILLISECONDS = 400 * 24 * 60 * 60 * 1_000;

/** A window, and the environments of a pipeline that it is for. */
interface DeclaredWindow {
  pipelineRef: string;
  /** Whether it holds for all components of the tenant. */
  isDefault: boolean;
  environments: string[];
  window: FreezeWindow;
}

/** Reads when the environments of a tenant are open and closed. */
export class WindowQuery {
  readonly #database: PorticoDatabase;
  readonly #catalog: Pick<CatalogService, 'queryEntities'>;
  readonly #now: () => Date;

  constructor(options: {
    database: PorticoDatabase;
    catalog: Pick<CatalogService, 'queryEntities'>;
    now: () => Date;
  }) {
    this.#database = options.database;
    this.#catalog = options.catalog;
    this.#now = options.now;
  }

  /** @throws InputError for a time that is too long, or has too much in it */
  async calendar(
    by: { tenant: string; credentials: BackstageCredentials },
    span: { from: Date; to: Date },
  ): Promise<WindowCalendar> {
    const { from, to } = span;
    if (from >= to || to.getTime() - from.getTime() > LONGEST_MILLISECONDS) {
      throw new InputError(
        'The time is wrong: expected from before to, and at most 400 days',
      );
    }
    const windows = await this.#windows(by);
    const stops = await this.#database.inTenant(by.tenant, transaction =>
      new StopStore(transaction, by.tenant).open(),
    );
    const environments = await readEnvironments(this.#catalog, by);
    return {
      occurrences: occurrencesOf(windows, span),
      stops,
      now: environments.map(({ name }) => ({
        environment: name,
        standing: this.#standing(name, windows, stops),
      })),
    };
  }

  #standing(
    environment: string,
    windows: readonly DeclaredWindow[],
    stops: readonly LineStop[],
  ) {
    return windowStanding(
      windows
        .filter(
          ({ isDefault, environments }) =>
            isDefault && environments.includes(environment),
        )
        .map(({ window }) => window),
      this.#now(),
      stopsOf(stops, environment),
    );
  }

  async #windows(by: {
    tenant: string;
    credentials: BackstageCredentials;
  }): Promise<DeclaredWindow[]> {
    const { items } = await this.#catalog.queryEntities(
      {
        filter: {
          kind: 'pipeline',
          'metadata.namespace': [PLATFORM_TENANT, by.tenant],
        },
        limit: MOST_PIPELINES,
      },
      { credentials: by.credentials },
    );
    return items.flatMap(windowsOf);
  }
}

/** The windows of a pipeline, each once; none of one that is written wrongly. */
function windowsOf(pipeline: Entity): DeclaredWindow[] {
  const spec = pipelineSpecSchema.safeParse(pipeline.spec);
  if (!spec.success) {
    return [];
  }
  const { name, namespace = PLATFORM_TENANT } = pipeline.metadata;
  const found = new Map<string, DeclaredWindow>();
  for (const { environment, gates } of spec.data.stages) {
    for (const window of windowsIn(gates)) {
      const key = JSON.stringify(window);
      const known = found.get(key) ?? {
        pipelineRef: `pipeline:${namespace}/${name}`,
        isDefault: name === DEFAULT_PIPELINE,
        environments: [],
        window,
      };
      known.environments.push(environment);
      found.set(key, known);
    }
  }
  return [...found.values()];
}

function windowsIn(gates: readonly GateDeclaration[]): FreezeWindow[] {
  try {
    return freezeWindowsOf(
      gates.map(({ name: _, kind, ...options }) => ({ kind, options })),
    );
  } catch {
    return [];
  }
}

function occurrencesOf(
  windows: readonly DeclaredWindow[],
  { from, to }: { from: Date; to: Date },
): WindowOccurrence[] {
  const occurrences: WindowOccurrence[] = [];
  for (const { window, pipelineRef, environments } of windows) {
    for (const span of windowOccurrences(window, from, to)) {
      occurrences.push({
        window,
        pipelineRef,
        environments,
        from: span.from.toISOString(),
        to: span.to.toISOString(),
      });
    }
    if (occurrences.length > MOST_OCCURRENCES) {
      throw new InputError(
        `More than ${MOST_OCCURRENCES} windows open or close in this time: ask for a shorter one`,
      );
    }
  }
  return occurrences.sort((one, other) => (one.from < other.from ? -1 : 1));
}
