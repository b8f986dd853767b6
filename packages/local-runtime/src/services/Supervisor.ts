import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  environmentOrder,
  type EnvironmentStatus,
} from '@portico/plugin-local-runtime-common';
import { z } from 'zod';
import { type Declaration } from '../git/readDeclarations';
import { type ProcessWatch } from '../process/ProcessWatch';
import { type Reaper } from '../process/Reaper';
import { type ReleaseJournal } from '../releases/ReleaseJournal';
import { type ArtefactStore } from '../runs/ArtefactStore';
import { writeFileWhole } from '../state/writeFileWhole';
import { ManagedService, type ServiceTimes } from './ManagedService';
import { MemoryBound } from './MemoryBound';
import { type PortBook } from './PortBook';
import { ServiceLogFile } from './ServiceLogFile';

export interface SupervisorOptions {
  folder: string;
  /** Where it is noted since when a revision is declared. */
  declaredFile: string;
  host: string;
  ports: PortBook;
  reaper: Reaper;
  watch: ProcessWatch;
  artefacts: ArtefactStore;
  journal: ReleaseJournal;
  times: ServiceTimes;
  memoryLimitBytes: number;
  tickMilliseconds: number;
  onError: (what: string, error: unknown) => void;
}

const declaredSchema = z.record(
  z.string(),
  z.object({ digest: z.string(), since: z.iso.datetime() }),
);

/** Keeps what the deployment repositories declare. */
export class Supervisor {
  readonly #services = new Map<string, ManagedService>();
  readonly #memory: MemoryBound;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  private constructor(
    private readonly options: SupervisorOptions,
    private readonly declared: z.infer<typeof declaredSchema>,
  ) {
    this.#memory = new MemoryBound(options.memoryLimitBytes, () => [
      ...this.#services.values(),
    ]);
    this.#tickLater();
  }

  static async open(options: SupervisorOptions): Promise<Supervisor> {
    let declared: z.infer<typeof declaredSchema> = {};
    try {
      declared = declaredSchema.parse(
        JSON.parse(await readFile(options.declaredFile, 'utf8')),
      );
    } catch {
      // Only since when each revision is declared is lost with it.
    }
    return new Supervisor(options, declared);
  }

  /** How many have a process, and what these take. */
  get usage(): { awake: number; memoryBytes: number } {
    return this.#memory.usage;
  }

  /** Digests that are declared somewhere: their artefacts are kept. */
  get declaredDigests(): string[] {
    return Object.values(this.declared).map(({ digest }) => digest);
  }

  service(
    tenant: string,
    component: string,
    environment: string,
  ): ManagedService | undefined {
    return this.#services.get(`${tenant}/${component}/${environment}`);
  }

  /** The environments of a component, in order. */
  statusOf(tenant: string, component: string): EnvironmentStatus[] {
    const prefix = `${tenant}/${component}/`;
    const rank = (name: string) => {
      const index = environmentOrder.findIndex(known => known === name);
      return index < 0 ? environmentOrder.length : index;
    };
    return [...this.#services]
      .filter(([key]) => key.startsWith(prefix))
      .map(([, service]) => service.status())
      .sort(
        (a, b) =>
          rank(a.environment) - rank(b.environment) ||
          a.environment.localeCompare(b.environment),
      );
  }

  /**
   * Takes over what a tenant declares. A revision that is new to the runtime is started
   * at once; after a start of the runtime, everything else sleeps until it is needed.
   */
  async declare(
    tenant: string,
    declarations: Declaration[],
    at: Date,
  ): Promise<void> {
    const present = new Set<string>();
    for (const declaration of declarations) {
      const { component, environment, digest } = declaration;
      const key = `${tenant}/${component}/${environment}`;
      present.add(key);
      const before = this.declared[key];
      const isNew = digest !== undefined && digest !== before?.digest;
      const since = isNew || !before ? at.toISOString() : before.since;
      if (digest === undefined) {
        delete this.declared[key];
      } else {
        this.declared[key] = { digest, since };
      }
      const service = await this.#serviceOf(
        key,
        tenant,
        component,
        environment,
      );
      service.declare(
        {
          digest,
          replicas: declaration.replicas,
          problem: declaration.problem,
          since,
        },
        isNew,
      );
    }
    for (const [key, service] of [...this.#services]) {
      if (key.startsWith(`${tenant}/`) && !present.has(key)) {
        delete this.declared[key];
        this.#services.delete(key);
        await service.stop();
        await rm(join(this.options.folder, key), {
          recursive: true,
          force: true,
        });
      }
    }
    await writeFileWhole(
      this.options.declaredFile,
      JSON.stringify(this.declared),
    );
  }

  /** Tries once more what waits for an artefact. */
  retryFailed(): void {
    for (const service of this.#services.values()) {
      service.retryFailed();
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await Promise.all(
      [...this.#services.values()].map(service => service.stop()),
    );
  }

  async #serviceOf(
    key: string,
    tenant: string,
    component: string,
    environment: string,
  ): Promise<ManagedService> {
    const known = this.#services.get(key);
    if (known) {
      return known;
    }
    const { options } = this;
    const folder = join(options.folder, tenant, component, environment);
    await mkdir(folder, { recursive: true });
    const service = new ManagedService({
      ...options,
      tenant,
      component,
      environment,
      folder,
      front: { host: options.host, port: await options.ports.portOf(key) },
      log: await ServiceLogFile.open(join(folder, 'log.jsonl')),
      admit: admitted => this.#memory.admit(admitted),
    });
    this.#services.set(key, service);
    return service;
  }

  #tickLater(): void {
    this.#timer = setTimeout(async () => {
      const now = Date.now();
      await Promise.all(
        [...this.#services].map(([key, service]) =>
          service
            .tick(now)
            .catch(error => this.options.onError(`service ${key}`, error)),
        ),
      );
      await this.#memory.enforce();
      if (!this.#stopped) {
        this.#tickLater();
      }
    }, this.options.tickMilliseconds);
    this.#timer.unref();
  }
}
