import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, NotFoundError } from '@backstage/errors';
import {
  type EnvironmentReason,
  type EnvironmentState,
  type EnvironmentStatus,
  type Revision,
  type ServiceMetrics,
} from '@portico/plugin-local-runtime-common';
import { errorCode } from '../errorCode';
import { type ArtefactStore } from '../runs/ArtefactStore';
import { type ProcessWatch } from '../process/ProcessWatch';
import { type Reaper } from '../process/Reaper';
import { type ReleaseJournal } from '../releases/ReleaseJournal';
import { type ServiceTarget } from './askService';
import { FrontListener } from './FrontListener';
import { MetricsHistory } from './MetricsHistory';
import { findFreePort } from './PortBook';
import { ServiceInstance } from './ServiceInstance';
import { type ServiceLogFile } from './ServiceLogFile';

/** Times of services. */
export interface ServiceTimes {
  /** Without a request for so long, a service is put to sleep. */
  idleMilliseconds: number;
  startMilliseconds: number;
  /** Between SIGTERM and SIGKILL. */
  graceMilliseconds: number;
  probeMilliseconds: number;
  sampleMilliseconds: number;
  /** The first pause of a crash loop; each next one is twice as long. */
  pauseMilliseconds: number;
  longestPauseMilliseconds: number;
  /** After so long, a crash is the first one again. */
  stableMilliseconds: number;
}

/** What the deployment repository wants of a service. */
export interface WantedRevision {
  digest: string | undefined;
  replicas: number;
  problem: string | undefined;
  /** When the digest was first named. */
  since: string;
}

export interface ManagedServiceOptions {
  tenant: string;
  component: string;
  environment: string;
  folder: string;
  /** The address that stays the same. */
  front: ServiceTarget;
  log: ServiceLogFile;
  reaper: Reaper;
  watch: ProcessWatch;
  artefacts: ArtefactStore;
  journal: ReleaseJournal;
  times: ServiceTimes;
  /** Waits until there is room for one more process. */
  admit: (service: ManagedService) => Promise<() => void>;
}

const FAILED_RETRY_MS = 5_000;
const FAILED_PROBES = 3;

/**
 * A component in one environment: brings what runs to what is declared, one step at a
 * time, and keeps it there while it is awake.
 */
export class ManagedService {
  #wanted: WantedRevision | undefined;
  #awake = false;
  #instance: ServiceInstance | undefined;
  #starting: AbortController | undefined;
  #startingDigest: string | undefined;
  #state: EnvironmentState = 'notDeclared';
  #since = new Date();
  #reason: EnvironmentReason | undefined;
  #frontProblem: EnvironmentReason | undefined;
  #front: FrontListener | undefined;
  #health: EnvironmentStatus['health'] = { live: 'unknown', ready: 'unknown' };
  #failedProbes = 0;
  #probedAt = 0;
  #restarts = 0;
  #failures = 0;
  #retryAt = 0;
  #retryTimer: NodeJS.Timeout | undefined;
  #restartAsked = false;
  #lastRequestAt: Date | undefined;
  #usedAt = 0;
  #work: Promise<void> | undefined;
  #again = false;
  #stopped = false;
  readonly #changed = new Set<() => void>();
  readonly #metrics: MetricsHistory;

  constructor(private readonly options: ManagedServiceOptions) {
    this.#metrics = new MetricsHistory(options.times.sampleMilliseconds);
  }

  /** When it was last of use: the least recently used sleeps first. */
  get usedAt(): number {
    return this.#usedAt;
  }

  get isAwake(): boolean {
    return this.#instance !== undefined;
  }

  get isStarting(): boolean {
    return this.#starting !== undefined;
  }

  /** Bytes that it takes now, undefined until measured. */
  get memoryBytes(): number | undefined {
    return this.#instance?.memoryBytes;
  }

  get log(): ServiceLogFile {
    return this.options.log;
  }

  get metrics(): ServiceMetrics {
    return this.#metrics.toMetrics();
  }

  /** Takes note of what is declared; `wake` starts it at once. */
  declare(wanted: WantedRevision | undefined, wake: boolean): void {
    if (wanted?.digest !== this.#wanted?.digest) {
      this.#restarts = 0;
      this.#clearFailures();
    }
    this.#wanted = wanted;
    if (wake) {
      this.#wakeUp();
    }
    this.#poke();
  }

  status(): EnvironmentStatus {
    const { environment, front } = this.options;
    const wanted = this.#wanted;
    const instance = this.#instance;
    const isFrontMissing =
      this.#frontProblem !== undefined && this.#state !== 'notDeclared';
    return {
      environment,
      state: isFrontMissing ? 'failed' : this.#state,
      since: this.#since.toISOString(),
      reason: isFrontMissing ? this.#frontProblem : this.#reason,
      declared: wanted?.digest
        ? this.#revision(wanted.digest, wanted.since)
        : undefined,
      running: instance
        ? this.#revision(instance.digest, instance.startedAt.toISOString())
        : undefined,
      address: wanted?.digest
        ? `http://${hostInUrl(front.host)}:${front.port}`
        : undefined,
      health: this.#health,
      memoryBytes: instance?.memoryBytes,
      memoryLimitBytes: instance?.porticoFile.memoryLimitBytes,
      restarts: this.#restarts,
      retryAt:
        this.#state === 'crashing'
          ? new Date(this.#retryAt).toISOString()
          : undefined,
      lastRequestAt: this.#lastRequestAt?.toISOString(),
    };
  }

  /** Starts it where it sleeps. */
  wake(): void {
    this.#wakeUp();
    this.#poke();
  }

  /** Ends it and starts it again, without a pause. */
  restart(): void {
    this.#clearFailures();
    this.#restartAsked = this.#instance !== undefined;
    this.options.log.note('A restart was asked for.');
    this.wake();
  }

  /** Tries once more what failed for want of something. */
  retryFailed(): void {
    if (this.#state === 'failed' && this.#awake) {
      this.#retryAt = 0;
      this.#poke();
    }
  }

  /** Puts it to sleep and waits until it is. */
  async sleep(why: string): Promise<void> {
    if (!this.isAwake && !this.isStarting) {
      return;
    }
    this.options.log.note(why);
    this.#awake = false;
    // Not by the work that is being done: a request could have it start again, and
    // whoever waits for this memory would wait for that start.
    const stopping = this.#stopInstance();
    this.#poke();
    await stopping;
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#awake = false;
    clearTimeout(this.#retryTimer);
    this.#poke();
    await this.#work;
    await this.#front?.close();
    this.#front = undefined;
  }

  /** Looks at health, figures and idleness; called again and again. */
  async tick(now: number): Promise<void> {
    const { times } = this.options;
    if (this.#frontProblem) {
      this.#poke();
    }
    const instance = this.#instance;
    if (!instance || instance.hasEnded || this.#work) {
      return;
    }
    if (now - this.#usedAt > times.idleMilliseconds) {
      await this.sleep(
        `No request for ${times.idleMilliseconds / 1_000} s: it goes to sleep.`,
      );
      return;
    }
    if (now - this.#probedAt >= times.probeMilliseconds) {
      this.#probedAt = now;
      await this.#probe(instance);
    }
    if (instance === this.#instance && this.#metrics.isDue(now)) {
      await this.#metrics.sample(instance, now);
    }
  }

  async #probe(instance: ServiceInstance): Promise<void> {
    const { live, ready } = await instance.probe();
    if (instance !== this.#instance || instance.hasEnded) {
      return;
    }
    this.#setHealth(live, ready);
    this.#failedProbes = live ? 0 : this.#failedProbes + 1;
    if (this.#failedProbes >= FAILED_PROBES) {
      void instance.end(
        {
          code: 'notAlive',
          message: `It did not answer 200 at ${instance.porticoFile.livePath} ${FAILED_PROBES} times and was ended.`,
        },
        this.options.times.graceMilliseconds,
      );
    } else if (!ready) {
      this.#enter('unhealthy', {
        code: 'notReady',
        message: `It does not answer 200 at ${instance.porticoFile.readyPath}.`,
      });
    } else if (this.#state === 'unhealthy') {
      this.#enter('running');
    }
  }

  #revision(digest: string, since: string): Revision {
    const { journal, tenant, component } = this.options;
    const release = journal.ofDigest(tenant, component, digest);
    return {
      digest,
      commit: release?.commit.id,
      version: release?.version,
      since,
    };
  }

  #wakeUp(): void {
    this.#awake = true;
    this.#usedAt = Date.now();
  }

  #clearFailures(): void {
    this.#failures = 0;
    this.#retryAt = 0;
    clearTimeout(this.#retryTimer);
  }

  #enter(state: EnvironmentState, reason?: EnvironmentReason): void {
    if (state !== this.#state) {
      this.#since = new Date();
    }
    this.#state = state;
    this.#reason = reason;
    for (const changed of [...this.#changed]) {
      changed();
    }
  }

  #setHealth(live: boolean, ready: boolean): void {
    this.#health = {
      live: live ? 'passing' : 'failing',
      ready: ready ? 'passing' : 'failing',
      checkedAt: new Date().toISOString(),
    };
  }

  /** Begins to work, or has the work that is being done look once more. */
  #poke(): void {
    this.#again = true;
    const { digest } = this.#wanted ?? {};
    // A start of something that is not wanted any more is broken off.
    if (this.#starting && (!this.#awake || digest !== this.#startingDigest)) {
      this.#starting.abort();
    }
    this.#work ??= (async () => {
      while (this.#again) {
        this.#again = false;
        await this.#step().catch(error => this.#fail(internal(error)));
      }
      this.#work = undefined;
    })();
  }

  async #step(): Promise<void> {
    const wanted = this.#wanted;
    await this.#listen();
    if (
      this.#stopped ||
      !wanted?.digest ||
      wanted.replicas === 0 ||
      !this.#awake
    ) {
      await this.#stopInstance();
      if (wanted?.problem !== undefined) {
        this.#enter('failed', {
          code: 'invalidDeclaration',
          message: wanted.problem,
        });
      } else if (!wanted?.digest) {
        this.#enter('notDeclared');
      } else if (wanted.replicas === 0) {
        this.#enter('stopped');
      } else if (this.#state !== 'crashing' && this.#state !== 'failed') {
        this.#enter('sleeping');
      } else if (this.#failures === 0 && this.#retryAt === 0) {
        this.#enter('sleeping');
      }
      return;
    }
    const isWanted =
      this.#instance?.digest === wanted.digest && !this.#instance.hasEnded;
    if ((isWanted && !this.#restartAsked) || Date.now() < this.#retryAt) {
      return;
    }
    if (this.#restartAsked) {
      this.#restartAsked = false;
      await this.#stopInstance();
    }
    await this.#start(wanted.digest);
  }

  async #start(digest: string): Promise<void> {
    const { options } = this;
    const starting = new AbortController();
    this.#starting = starting;
    this.#startingDigest = digest;
    this.#enter('starting');
    const leave = await options.admit(this);
    try {
      const revisionFolder = await this.#unpack(digest);
      if (revisionFolder === undefined || starting.signal.aborted) {
        return;
      }
      const release = options.journal.ofDigest(
        options.tenant,
        options.component,
        digest,
      );
      const next = await ServiceInstance.start({
        ...options,
        digest,
        revisionFolder,
        target: {
          host: options.front.host,
          port: await findFreePort(options.front.host),
        },
        variables: {
          LOG_LEVEL: 'info',
          PORTICO_TENANT: options.tenant,
          PORTICO_COMPONENT: options.component,
          PORTICO_ENVIRONMENT: options.environment,
          PORTICO_REVISION: digest,
          ...(release && { PORTICO_VERSION: release.version }),
        },
      });
      options.log.note(
        `Starts ${release?.version ?? digest} on port ${next.target.port}.`,
      );
      const problem = await next.waitUntilReady(
        options.times.startMilliseconds,
        starting.signal,
      );
      if (starting.signal.aborted) {
        return;
      }
      if (problem) {
        this.#crashed(problem, 0);
        return;
      }
      await this.#replaceInstance(next);
    } catch (error) {
      this.#fail(
        error instanceof InputError
          ? { code: 'invalidPorticoFile', message: error.message }
          : internal(error),
      );
    } finally {
      leave();
      this.#starting = undefined;
      this.#startingDigest = undefined;
    }
  }

  /** The new process serves; the one before ends. */
  async #replaceInstance(next: ServiceInstance): Promise<void> {
    const before = this.#instance;
    this.#instance = next;
    this.#usedAt = Math.max(this.#usedAt, next.startedAt.getTime());
    this.#failedProbes = 0;
    this.#probedAt = Date.now();
    this.#metrics.begin(next.startedAt);
    this.#setHealth(true, true);
    this.options.log.note('It is ready.');
    this.#enter('running');
    void next.ended.then(reason => {
      if (this.#instance === next && reason) {
        this.#instance = undefined;
        this.#crashed(reason, Date.now() - next.startedAt.getTime());
      }
    });
    if (before) {
      const { graceMilliseconds } = this.options.times;
      await this.#front?.drained(before.target, graceMilliseconds);
      await before.stop(graceMilliseconds);
    }
    await this.#removeOldRevisions();
  }

  async #stopInstance(): Promise<void> {
    const instance = this.#instance;
    if (instance) {
      this.#instance = undefined;
      this.#health = { live: 'unknown', ready: 'unknown' };
      await instance.stop(this.options.times.graceMilliseconds);
      this.options.log.note('It was stopped.');
    }
  }

  /** It ended by itself: again after a pause that grows. */
  #crashed(reason: EnvironmentReason, livedMilliseconds: number): void {
    const { times, log } = this.options;
    this.#restarts += 1;
    this.#failures =
      livedMilliseconds > times.stableMilliseconds ? 1 : this.#failures + 1;
    const pause = Math.min(
      times.longestPauseMilliseconds,
      times.pauseMilliseconds * 2 ** Math.min(this.#failures - 1, 20),
    );
    this.#retryAt = Date.now() + pause;
    log.note(
      `${reason.message} Next try in ${Math.round(pause / 100) / 10} s.`,
    );
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => {
      if (this.#awake) {
        this.#poke();
      }
    }, pause + 1);
    if (this.#instance) {
      // The revision before goes on serving.
      this.#enter('running', {
        code: 'newRevisionFailed',
        message: `The declared revision does not start, so the one before still runs. ${reason.message}`,
      });
    } else {
      this.#health = { live: 'unknown', ready: 'unknown' };
      this.#enter('crashing', reason);
    }
  }

  #fail(reason: EnvironmentReason): void {
    this.options.log.note(reason.message);
    this.#retryAt = Date.now() + FAILED_RETRY_MS;
    if (this.#instance) {
      this.#enter('running', {
        code: 'newRevisionFailed',
        message: `The declared revision cannot be started, so the one before still runs. ${reason.message}`,
      });
    } else {
      this.#enter('failed', reason);
    }
  }

  /** The folder of a revision, unpacked at its first start here. */
  async #unpack(digest: string): Promise<string | undefined> {
    const folder = join(this.#revisions, digest.slice('sha256:'.length));
    if (await stat(folder).catch(() => undefined)) {
      return folder;
    }
    try {
      await this.options.artefacts.unpack(digest, folder);
      return folder;
    } catch (error) {
      if (error instanceof NotFoundError) {
        this.#fail({
          code: 'artefactMissing',
          message: `${error.message} Push a commit, or declare a revision that this runtime has made.`,
        });
      } else if (error instanceof InputError) {
        this.#fail({
          code: 'artefactDamaged',
          message: `${error.message} Push a commit to make another.`,
        });
      } else {
        this.#fail(internal(error));
      }
      return undefined;
    }
  }

  async #removeOldRevisions(): Promise<void> {
    const kept = new Set(
      [this.#instance?.digest, this.#wanted?.digest].map(digest =>
        digest?.slice('sha256:'.length),
      ),
    );
    const names = await readdir(this.#revisions).catch(() => []);
    for (const name of names) {
      if (!kept.has(name)) {
        await rm(join(this.#revisions, name), { recursive: true, force: true });
      }
    }
  }

  get #revisions(): string {
    return join(this.options.folder, 'revisions');
  }

  async #listen(): Promise<void> {
    const { front } = this.options;
    const isNeeded =
      !this.#stopped &&
      this.#wanted?.digest !== undefined &&
      this.#wanted.replicas > 0;
    if (!isNeeded) {
      await this.#front?.close();
      this.#front = undefined;
      this.#frontProblem = undefined;
      return;
    }
    if (this.#front) {
      return;
    }
    try {
      this.#front = await FrontListener.listen(front, {
        reach: () => this.#reach(),
        touch: () => this.#touch(),
      });
      this.#frontProblem = undefined;
    } catch (error) {
      if (!this.#frontProblem) {
        this.#since = new Date();
      }
      this.#frontProblem = {
        code: 'portConflict',
        message:
          errorCode(error) === 'EADDRINUSE'
            ? `Another program listens on ${front.host}:${front.port}, the address of this service: end that program.`
            : `${front.host}:${front.port} cannot be listened on (${errorCode(
                error,
              )}).`,
      };
    }
  }

  #touch(): void {
    this.#usedAt = Date.now();
    this.#lastRequestAt = new Date(this.#usedAt);
  }

  /** The address of the process for a request, which wakes it where it sleeps. */
  async #reach(): Promise<ServiceTarget | string> {
    this.#touch();
    const signal = AbortSignal.timeout(
      this.options.times.startMilliseconds + 5_000,
    );
    if (!this.#instance) {
      this.wake();
    }
    for (;;) {
      if (this.#instance && !this.#instance.hasEnded) {
        return this.#instance.target;
      }
      const isHopeless =
        signal.aborted ||
        this.#stopped ||
        (this.#work === undefined && !this.isStarting);
      if (isHopeless) {
        const { component, environment } = this.options;
        return `${component} does not run in ${environment}: ${
          this.#reason?.message ?? `it is ${this.#state}.`
        }`;
      }
      await new Promise<void>(resolve => {
        const done = () => {
          this.#changed.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        this.#changed.add(done);
        signal.addEventListener('abort', done, { once: true });
        void this.#work?.then(done);
      });
    }
  }
}

function internal(error: unknown): EnvironmentReason {
  return {
    code: 'internal',
    message: `The local runtime failed: ${
      error instanceof Error ? error.message : error
    }`,
  };
}

function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
