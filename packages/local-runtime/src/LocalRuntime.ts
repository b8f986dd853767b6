import { join } from 'node:path';
import { createRuntimeRoutes } from './api/RuntimeApi';
import { JsonServer } from './api/JsonServer';
import { openRepository } from './git/BareRepository';
import { readDeclarations } from './git/readDeclarations';
import { RepositoryScanner } from './git/RepositoryScanner';
import { ProcessWatch } from './process/ProcessWatch';
import { Reaper } from './process/Reaper';
import { type RuntimeConfiguration } from './readConfiguration';
import { ReleaseJournal } from './releases/ReleaseJournal';
import { ArtefactStore } from './runs/ArtefactStore';
import { ModuleCache } from './runs/ModuleCache';
import { RunService } from './runs/RunService';
import { RunStore } from './runs/RunStore';
import { type ServiceTimes } from './services/ManagedService';
import { PortBook } from './services/PortBook';
import { Supervisor } from './services/Supervisor';
import { StateFolder } from './state/StateFolder';

export interface LocalRuntimeOptions {
  configuration: RuntimeConfiguration;
  log: (line: string) => void;
  /** Shorter times, for tests. */
  times?: Partial<ServiceTimes> & { tickMilliseconds?: number };
}

const TICK_MS = 2_000;
const KEPT_RELEASES = 10;

/** The whole runtime: builds what is pushed and runs what is declared. */
export class LocalRuntime {
  private constructor(
    private readonly api: JsonServer,
    private readonly scanner: RepositoryScanner,
    private readonly runs: RunService,
    private readonly supervisor: Supervisor,
    private readonly reaper: Reaper,
    private readonly state: StateFolder,
    private readonly host: string,
  ) {}

  /**
   * Takes the state folder, ends what a killed runtime left behind, goes on with what
   * was begun, and serves the API.
   */
  static async start(options: LocalRuntimeOptions): Promise<LocalRuntime> {
    const { configuration, log } = options;
    const { host } = configuration;
    const startedAt = new Date();
    const state = await StateFolder.take(configuration.directory);
    const reaper = await Reaper.start(state.mark);
    await state.clearWork();
    const watch = new ProcessWatch();
    const artefacts = new ArtefactStore(state.artefacts, state.work);
    const journal = await ReleaseJournal.open(
      join(state.path, 'releases.jsonl'),
    );
    const store = await RunStore.open(state.runs);
    const onError = (what: string, error: unknown) =>
      log(
        `The local runtime failed at ${what}: ${
          error instanceof Error ? error.stack : error
        }`,
      );
    const supervisor = await Supervisor.open({
      onError,
      folder: state.services,
      declaredFile: join(state.path, 'declared.json'),
      host,
      ports: await PortBook.open({
        path: join(state.path, 'ports.json'),
        firstPort: configuration.firstServicePort,
        host,
      }),
      reaper,
      watch,
      artefacts,
      journal,
      memoryLimitBytes: configuration.memoryLimitBytes,
      tickMilliseconds: options.times?.tickMilliseconds ?? TICK_MS,
      times: {
        idleMilliseconds: configuration.idleMilliseconds,
        startMilliseconds: 30_000,
        graceMilliseconds: 4_000,
        probeMilliseconds: 10_000,
        sampleMilliseconds: 15_000,
        pauseMilliseconds: 1_000,
        longestPauseMilliseconds: 300_000,
        stableMilliseconds: 60_000,
        ...options.times,
      },
    });
    const runs = new RunService({
      tools: {
        reaper,
        watch,
        artefacts,
        modules: new ModuleCache(state.modules, state.work),
        npmCache: state.npmCache,
        limits: configuration.runLimits,
      },
      store,
      journal,
      work: state.work,
      concurrentRuns: configuration.concurrentRuns,
      repository: (tenant, name) =>
        openRepository(configuration.gitDirectory, tenant, name),
      onRelease: async () => {
        supervisor.retryFailed();
        await artefacts.keepOnly(
          new Set([
            ...journal.newestDigests(KEPT_RELEASES),
            ...supervisor.declaredDigests,
          ]),
        );
      },
      onError,
    });
    const scanner = new RepositoryScanner(
      configuration.gitDirectory,
      configuration.scanMilliseconds,
      {
        onSource: (repository, head) => runs.onHead(repository, head),
        onDeployments: async (repository, head) => {
          if (!head) {
            await supervisor.declare(repository.tenant, [], new Date());
            return;
          }
          const { committedAt } = await repository.describe(head.commit);
          await supervisor.declare(
            repository.tenant,
            await readDeclarations(repository, head.commit),
            new Date(committedAt),
          );
        },
        onError,
      },
    );
    const api = await JsonServer.listen({
      host,
      port: configuration.port,
      token: configuration.token,
      routes: createRuntimeRoutes({
        scanner,
        store,
        runs,
        journal,
        supervisor,
        state: () => ({
          startedAt: startedAt.toISOString(),
          scannedAt: scanner.scannedAt?.toISOString(),
          runs: { running: runs.running, queued: runs.queued },
          services: {
            ...supervisor.usage,
            memoryLimitBytes: configuration.memoryLimitBytes,
            idleSeconds: configuration.idleMilliseconds / 1_000,
          },
        }),
      }),
    });
    const runtime = new LocalRuntime(
      api,
      scanner,
      runs,
      supervisor,
      reaper,
      state,
      host,
    );
    await runs.recover();
    await scanner.start();
    log(`The local runtime listens on ${runtime.url}.`);
    return runtime;
  }

  get url(): string {
    const host = this.host.includes(':') ? `[${this.host}]` : this.host;
    return `http://${host}:${this.api.port}`;
  }

  /** Ends services and runs; runs that were broken off begin anew at the next start. */
  async stop(): Promise<void> {
    await this.scanner.stop();
    await this.api.close();
    await Promise.all([this.runs.stop(), this.supervisor.stop()]);
    this.reaper.stop();
    await this.state.release();
  }
}
