import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ConflictError, NotFoundError } from '@backstage/errors';
import {
  PORTICO_FILE,
  type Run,
  runSteps,
  type RunStep,
  type RunStepName,
} from '@portico/plugin-local-runtime-common';
import {
  type BareRepository,
  type RepositoryHead,
} from '../git/BareRepository';
import { parsePorticoFile } from '../git/porticoFile';
import { type ReleaseJournal } from '../releases/ReleaseJournal';
import {
  BuildAborted,
  buildCommit,
  type BuildResult,
  type BuildTools,
} from './buildCommit';
import { RunFailure } from './RunFailure';
import { RunQueue } from './RunQueue';
import { RunStore } from './RunStore';

export interface RunServiceOptions {
  tools: BuildTools;
  store: RunStore;
  journal: ReleaseJournal;
  /** For folders of runs. */
  work: string;
  concurrentRuns: number;
  repository: (tenant: string, name: string) => BareRepository | undefined;
  /** Told after a release, when there is time. */
  onRelease: () => Promise<void>;
  onError: (what: string, error: unknown) => void;
}

/** Makes a release of each pushed commit of a service, one after the other. */
export class RunService {
  readonly #queue = new RunQueue<Run>();
  readonly #active = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();

  constructor(private readonly options: RunServiceOptions) {}

  get queued(): number {
    return this.#queue.length;
  }

  get running(): number {
    return this.#active.size;
  }

  /** Goes on where the runtime ended before, perhaps by a kill. */
  async recover(): Promise<void> {
    const { store, journal } = this.options;
    for (const run of store.unended()) {
      const release = journal.ofRun(run.id);
      if (release) {
        // Killed between the release and the note about it.
        await store.put({
          ...run,
          state: 'succeeded',
          component: release.component,
          steps: run.steps.map(step => ({ ...step, state: 'succeeded' })),
          endedAt: release.releasedAt,
          artefact: { digest: release.digest, bytes: release.bytes },
        });
        continue;
      }
      const again: Run =
        run.state === 'running'
          ? {
              ...run,
              state: 'queued',
              startedAt: undefined,
              steps: pendingSteps(),
              interruptions: run.interruptions + 1,
            }
          : run;
      await store.put(again);
      this.#queue.add(again);
    }
    this.#begin();
  }

  /** Takes note of the head of a repository: a service gets a run per commit. */
  async onHead(
    repository: BareRepository,
    head: RepositoryHead | undefined,
  ): Promise<void> {
    const { tenant, name } = repository;
    if (!head) {
      await this.#supersede(tenant, name, 'The repository was deleted.');
      return;
    }
    const { store } = this.options;
    const attempts = store
      .ofRepository(tenant, name)
      .filter(({ commit }) => commit.id === head.commit);
    // A commit that was passed over may become the head again.
    if (attempts.some(({ state }) => state !== 'superseded')) {
      return;
    }
    const attempt = attempts.length + 1;
    const text = await repository.readFile(head.commit, PORTICO_FILE);
    if (text === undefined) {
      return;
    }
    let component: string | undefined;
    try {
      const porticoFile = parsePorticoFile(text);
      if (!porticoFile) {
        return;
      }
      component = porticoFile.name;
    } catch {
      // The run says what is wrong with it.
    }
    await this.#supersede(tenant, name, 'A newer commit was pushed.');
    await this.#enqueue({
      id: RunStore.idOf(tenant, name, head.commit, attempt),
      tenant,
      repository: name,
      component,
      branch: head.branch,
      commit: await repository.describe(head.commit),
      attempt,
      interruptions: 0,
      state: 'queued',
      steps: pendingSteps(),
      queuedAt: new Date().toISOString(),
    });
    await store.prune(tenant, name);
  }

  /** Runs the commit of a run once more. */
  async repeat(id: string): Promise<Run> {
    const { store } = this.options;
    const run = store.get(id);
    if (!run) {
      throw new NotFoundError(`There is no run '${id}'.`);
    }
    const { tenant, repository: name, commit } = run;
    const head = await this.options.repository(tenant, name)?.head();
    if (head?.commit !== commit.id) {
      throw new ConflictError(
        `Commit ${commit.id.slice(
          0,
          7,
        )} is not the newest of ${tenant}/${name}: push a commit instead.`,
      );
    }
    const attempts = store
      .ofRepository(tenant, name)
      .filter(other => other.commit.id === commit.id);
    const open = attempts.find(({ state }) =>
      ['queued', 'running', 'succeeded'].includes(state),
    );
    if (open) {
      throw new ConflictError(
        `Commit ${commit.id.slice(
          0,
          7,
        )} of ${tenant}/${name} has a run that is ${
          open.state
        }: there is nothing to repeat.`,
      );
    }
    const attempt = Math.max(...attempts.map(other => other.attempt)) + 1;
    const again: Run = {
      id: RunStore.idOf(tenant, name, commit.id, attempt),
      tenant,
      repository: name,
      component: run.component,
      branch: run.branch,
      commit,
      attempt,
      interruptions: 0,
      state: 'queued',
      steps: pendingSteps(),
      queuedAt: new Date().toISOString(),
    };
    await this.#enqueue(again);
    return again;
  }

  /** Breaks off what runs; it begins anew at the next start. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#active.values());
  }

  async #enqueue(run: Run): Promise<void> {
    await this.options.store.put(run);
    this.#queue.add(run);
    this.#begin();
  }

  async #supersede(
    tenant: string,
    repository: string,
    message: string,
  ): Promise<void> {
    for (const run of this.#queue.remove(tenant, repository)) {
      await this.options.store.put({
        ...run,
        state: 'superseded',
        reason: { code: 'superseded', message },
        steps: run.steps.map(step => ({ ...step, state: 'skipped' })),
        endedAt: new Date().toISOString(),
      });
    }
  }

  #begin(): void {
    while (
      !this.#stop.signal.aborted &&
      this.#active.size < this.options.concurrentRuns
    ) {
      const run = this.#queue.next();
      if (!run) {
        return;
      }
      const done = this.#execute(run)
        .catch(error => this.options.onError(`run ${run.id}`, error))
        .finally(() => {
          this.#active.delete(run.id);
          this.#queue.done(run);
          this.#begin();
        });
      this.#active.set(run.id, done);
    }
  }

  async #execute(queued: Run): Promise<void> {
    const { store, tools } = this.options;
    let run: Run = {
      ...queued,
      state: 'running',
      startedAt: new Date().toISOString(),
    };
    const keep = async (changes: Partial<Run>) => {
      run = { ...run, ...changes };
      await store.put(run);
    };
    await keep({});
    await store.clearLog(run.id);
    const folder = join(this.options.work, run.id);
    try {
      const repository = this.options.repository(run.tenant, run.repository);
      if (!repository) {
        throw new Error(`no repository ${run.tenant}/${run.repository}`);
      }
      const result = await buildCommit(tools, {
        run,
        repository,
        folder,
        signal: this.#stop.signal,
        log: chunk => void store.appendLog(run.id, chunk),
        onStep: step => keep({ steps: beginStep(run.steps, step) }),
        onComponent: async component => {
          await this.#refuseTaken(run, component);
          await keep({ component });
        },
      });
      await this.#release(run, result);
      await keep({
        state: 'succeeded',
        artefact: result.artefact,
        steps: endSteps(run.steps, 'succeeded'),
        endedAt: new Date().toISOString(),
      });
    } catch (error) {
      if (error instanceof BuildAborted || this.#stop.signal.aborted) {
        // Stays as it is on the disk: the next start begins it anew.
        return;
      }
      const reason =
        error instanceof RunFailure
          ? error.reason
          : {
              code: 'internal' as const,
              message: `The local runtime failed: ${
                error instanceof Error ? error.message : error
              }`,
            };
      await store.appendLog(run.id, `✘ ${reason.message}\n`);
      await keep({
        state: reason.code === 'timeLimit' ? 'timedOut' : 'failed',
        reason,
        steps: endSteps(run.steps, 'failed'),
        endedAt: new Date().toISOString(),
      });
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
    if (run.state === 'succeeded') {
      await this.options.onRelease();
    }
  }

  async #release(run: Run, result: BuildResult): Promise<void> {
    await this.options.journal.append({
      tenant: run.tenant,
      component: result.porticoFile.name,
      repository: run.repository,
      branch: run.branch,
      commit: run.commit,
      version: result.version,
      digest: result.artefact.digest,
      bytes: result.artefact.bytes,
      replicas: result.porticoFile.replicas,
      runId: run.id,
      releasedAt: new Date().toISOString(),
    });
  }

  /** A component is released from one repository, the first, while that exists. */
  async #refuseTaken(run: Run, component: string): Promise<void> {
    const owner = this.options.journal.repositoryOf(run.tenant, component);
    if (
      owner !== undefined &&
      owner !== run.repository &&
      (await this.options.repository(run.tenant, owner)?.head())
    ) {
      throw new RunFailure({
        code: 'componentTaken',
        step: 'checkout',
        message: `The component '${component}' is released from the repository '${owner}': change metadata.name in ${PORTICO_FILE}.`,
      });
    }
  }
}

function pendingSteps(): RunStep[] {
  return runSteps.map(name => ({ name, state: 'pending' }));
}

function beginStep(steps: RunStep[], name: RunStepName): RunStep[] {
  const now = new Date().toISOString();
  return steps.map(step => {
    if (step.state === 'running') {
      return { ...step, state: 'succeeded', endedAt: now };
    }
    return step.name === name
      ? { ...step, state: 'running', startedAt: now }
      : step;
  });
}

function endSteps(steps: RunStep[], state: 'succeeded' | 'failed'): RunStep[] {
  const now = new Date().toISOString();
  return steps.map(step => {
    switch (step.state) {
      case 'running':
        return { ...step, state, endedAt: now };
      case 'pending':
        return { ...step, state: 'skipped' };
      case 'succeeded':
      case 'failed':
      case 'skipped':
        return step;
      default:
        throw new Error(`unknown state ${step.state satisfies never}`);
    }
  });
}
