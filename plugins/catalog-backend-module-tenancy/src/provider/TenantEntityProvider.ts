import { type LoggerService } from '@backstage/backend-plugin-api';
import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  type Entity,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { stringifyError } from '@backstage/errors';
import {
  type DeferredEntity,
  type EntityProvider,
  type EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import { type GitHostPush } from '@portico/plugin-git-host-node';
import {
  DIRECTORY_SOURCE,
  PLATFORM_TENANT,
  type Source,
  sourceOrigin,
} from '@portico/plugin-tenancy-common';
import {
  type SourceDelta,
  type SourceScan,
  type TenancyService,
  type TenancySourcesEvent,
} from '@portico/plugin-tenancy-node';
import { sourceKey, type SourceName } from './sourceKey';
import { SourceQueue } from './SourceQueue';
import { type SourceReader } from './SourceReader';

/** Sources that are read at the same time. */
const CONCURRENT_READS = 4;
/** Milliseconds after which reading one source is given up. */
const READ_TIMEOUT = 30_000;

/** What the provider needs; `sources` and `directory` are the truth that it shows. */
export interface TenantEntityProviderOptions {
  tenancy: Pick<TenancyService, 'sources' | 'directory'>;
  reader: Pick<SourceReader, 'read'>;
  logger: LoggerService;
}

/**
 * Brings the entities of all tenants' sources, and their people and groups, into
 * the catalog.
 *
 * The last good set of every source is kept by tenancy and emitted on connect, so
 * a source that cannot be read loses nothing. Events and the schedule only say
 * where to look; what counts is read from the source each time.
 */
export class TenantEntityProvider implements EntityProvider {
  readonly #tenancy: TenantEntityProviderOptions['tenancy'];
  readonly #reader: TenantEntityProviderOptions['reader'];
  readonly #logger: LoggerService;
  readonly #queue: SourceQueue;
  /** What this process recorded last, by source: location and revision. */
  readonly #recorded = new Map<
    string,
    { location: string; revision: string }
  >();
  /** The emitted people and groups, as JSON by ref. */
  #directory = new Map<string, string>();
  #connection: EntityProviderConnection | undefined;
  #mutation: Promise<unknown> = Promise.resolve();
  /** A mutation failed: the catalog has to be given everything again. */
  #incomplete = true;

  constructor(options: TenantEntityProviderOptions) {
    this.#tenancy = options.tenancy;
    this.#reader = options.reader;
    this.#logger = options.logger;
    this.#queue = new SourceQueue({
      concurrency: CONCURRENT_READS,
      run: source => this.#read(source),
    });
  }

  getProviderName(): string {
    return 'portico';
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    this.#connection = connection;
    await this.#exclusive(() => this.#emitAll());
    await this.readAll();
  }

  /** Ends reading; what is being written is waited for. */
  async stop(): Promise<void> {
    await this.#queue.stop();
    await this.#mutation;
  }

  /** Looks at every source again, and at the directory. */
  async readAll(): Promise<void> {
    const sources = await this.#tenancy.sources.list();
    for (const { tenant, name } of sources) {
      this.#queue.request({ tenant, source: name });
    }
    await this.#exclusive(async () => {
      if (this.#incomplete) {
        await this.#emitAll();
      } else {
        await this.#emitDirectory();
      }
    });
  }

  /** A branch of a repository changed: reads the sources that lie on it. */
  async onPush(push: GitHostPush): Promise<void> {
    const sources = await this.#tenancy.sources.list({ tenant: push.tenant });
    for (const { tenant, name, location } of sources) {
      if (
        location.kind === 'repository' &&
        location.repository === push.repository &&
        location.branch === push.branch
      ) {
        this.#queue.request({ tenant, source: name });
      }
    }
  }

  async onSourcesEvent(event: TenancySourcesEvent): Promise<void> {
    switch (event.kind) {
      case 'read':
        // Someone asks for it, so it is read even at the known revision.
        this.#recorded.delete(sourceKey(event));
        this.#queue.request({ tenant: event.tenant, source: event.source });
        return;
      case 'removed':
        await this.#exclusive(() => this.#emit(event.delta));
        await this.#readPipelinesAgain(event.delta);
        return;
      case 'directory':
        await this.#exclusive(() => this.#emitDirectory());
        return;
      default: {
        const unknown: never = event;
        this.#logger.warn(`Unknown event ${JSON.stringify(unknown)}`);
      }
    }
  }

  async #read(name: SourceName): Promise<void> {
    const key = sourceKey(name);
    try {
      const source = await this.#tenancy.sources.get({
        tenant: name.tenant,
        name: name.source,
      });
      if (!source) {
        this.#recorded.delete(key);
        return;
      }
      const location = JSON.stringify(source.location);
      const recorded = this.#recorded.get(key);
      const known =
        recorded?.location === location ? recorded.revision : undefined;
      const scan = await this.#scan(source, known);
      if (!scan) {
        return;
      }
      const delta = await this.#exclusive(async () => {
        const changed = await this.#tenancy.sources.recordScan(scan);
        this.#recorded.set(key, { location, revision: scan.revision });
        await this.#emit(changed);
        return changed;
      });
      await this.#readPipelinesAgain(delta);
      this.#logger.info(
        `Read source ${key} at ${scan.revision}: ${scan.entities.length} entities, ${scan.refusals.length} refusals`,
      );
    } catch (error) {
      // The next event or the schedule tries again.
      this.#logger.error(
        `Could not record source ${key}: ${stringifyError(error)}`,
      );
    }
  }

  /** @returns undefined when nothing is new, or when the source cannot be read */
  async #scan(
    source: Source,
    known: string | undefined,
  ): Promise<SourceScan | undefined> {
    try {
      return await withTimeout(this.#reader.read(source, known), READ_TIMEOUT);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#logger.warn(
        `Source ${source.tenant}/${source.name} cannot be read, its last good set stays: ${reason}`,
      );
      // So that it is recorded as readable again at the same revision.
      this.#recorded.delete(
        sourceKey({ tenant: source.tenant, source: source.name }),
      );
      await this.#tenancy.sources.recordUnreadable({
        tenant: source.tenant,
        source: source.name,
        reason,
      });
      return undefined;
    }
  }

  /**
   * One mutation at a time, in the order in which tenancy recorded the changes:
   * a ref can leave one source and be inherited by another.
   */
  async #exclusive<T>(mutate: () => Promise<T>): Promise<T> {
    const run = this.#mutation.then(mutate);
    this.#mutation = run.catch(() => {});
    return run;
  }

  /**
   * Whether a pipeline is refused depends on the environments that there are: when these
   * change, the sources of their tenant are read again, all sources for the platform's.
   */
  async #readPipelinesAgain(delta: SourceDelta): Promise<void> {
    const tenants = new Set([
      ...delta.added
        .filter(({ entity }) => entity.kind === 'Environment')
        .map(({ tenant }) => tenant),
      ...delta.removed
        .filter(({ entityRef }) => entityRef.startsWith('environment:'))
        .map(({ tenant }) => tenant),
    ]);
    if (tenants.size === 0) {
      return;
    }
    for (const { tenant, name } of await this.#tenancy.sources.list()) {
      if (tenants.has(tenant) || tenants.has(PLATFORM_TENANT)) {
        const source = { tenant, source: name };
        this.#recorded.delete(sourceKey(source));
        this.#queue.request(source);
      }
    }
  }

  async #emitAll(): Promise<void> {
    const [entities, directory] = await Promise.all([
      this.#tenancy.sources.lastGood(),
      this.#tenancy.directory.entities(),
    ]);
    const people = directory.map(({ tenant, entity }) =>
      stampDirectoryEntity(entity, tenant),
    );
    await this.#apply({
      type: 'full',
      entities: [
        ...entities.map(({ tenant, source, entity }) => ({
          entity,
          locationKey: sourceOrigin(tenant, source),
        })),
        ...people,
      ],
    });
    this.#directory = byRef(people);
    this.#incomplete = false;
  }

  async #emit(delta: SourceDelta): Promise<void> {
    if (this.#incomplete) {
      await this.#emitAll();
      return;
    }
    if (delta.added.length === 0 && delta.removed.length === 0) {
      return;
    }
    // The catalog removes first and compares before: a ref on both lists would be lost.
    const addedRefs = new Set(
      delta.added.map(({ entity }) => stringifyEntityRef(entity)),
    );
    await this.#apply({
      type: 'delta',
      added: delta.added.map(({ tenant, source, entity }) => ({
        entity,
        locationKey: sourceOrigin(tenant, source),
      })),
      removed: delta.removed
        .filter(({ entityRef }) => !addedRefs.has(entityRef))
        .map(({ tenant, source, entityRef }) => ({
          entityRef,
          locationKey: sourceOrigin(tenant, source),
        })),
    });
  }

  async #emitDirectory(): Promise<void> {
    if (this.#incomplete) {
      await this.#emitAll();
      return;
    }
    const people = (await this.#tenancy.directory.entities()).map(
      ({ tenant, entity }) => stampDirectoryEntity(entity, tenant),
    );
    const now = byRef(people);
    const added = people.filter(({ entity }) => {
      const ref = stringifyEntityRef(entity);
      return this.#directory.get(ref) !== now.get(ref);
    });
    const removed = [...this.#directory.keys()]
      .filter(ref => !now.has(ref))
      .map(entityRef => ({ entityRef }));
    if (added.length > 0 || removed.length > 0) {
      await this.#apply({ type: 'delta', added, removed });
    }
    this.#directory = now;
  }

  async #apply(
    mutation: Parameters<EntityProviderConnection['applyMutation']>[0],
  ): Promise<void> {
    if (!this.#connection) {
      // Before the catalog connects; it gets everything then.
      this.#incomplete = true;
      return;
    }
    try {
      await this.#connection.applyMutation(mutation);
    } catch (error) {
      this.#incomplete = true;
      throw error;
    }
  }
}

function stampDirectoryEntity(entity: Entity, tenant: string): DeferredEntity {
  const origin = sourceOrigin(tenant, DIRECTORY_SOURCE);
  return {
    locationKey: origin,
    entity: {
      ...entity,
      metadata: {
        ...entity.metadata,
        namespace: tenant,
        annotations: {
          ...entity.metadata.annotations,
          [ANNOTATION_LOCATION]: origin,
          [ANNOTATION_ORIGIN_LOCATION]: origin,
        },
      },
    },
  };
}

function byRef(entities: DeferredEntity[]): Map<string, string> {
  return new Map(
    entities.map(({ entity }) => [
      stringifyEntityRef(entity),
      JSON.stringify(entity),
    ]),
  );
}

async function withTimeout<T>(
  promise: Promise<T>,
  milliseconds: number,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      promise,
      new Promise<never>((_, reject) => {
        timer = setTimeout(
          () =>
            reject(
              new Error(`reading took longer than ${milliseconds / 1000} s`),
            ),
          milliseconds,
        );
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
