import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { EffectStore } from '../../effects/EffectStore';
import { openStores } from '../../store/openStores';
import {
  DEPLOYMENTS,
  type KillScene,
  overlayOf,
  type Scene,
  TENANT,
} from './KillScene';
import { type SyncStandIn } from './SyncStandIn';

const LONGEST_RECOVERY_MILLISECONDS = 120_000;
const LONGEST_VICTIM_MILLISECONDS = 120_000;
/** A process needs about this long from its first step to its last. */
const LATEST_MOMENT_MILLISECONDS = 1_500;

/** Labelled points on the way of a promotion, in their order. */
export const points = [
  'proposed',
  'asked',
  'begun',
  'planned',
  'commit:sent',
  'commit:looked',
  'commit:acted',
  'commit:confirmed',
  'sync:sent',
  'sync:looked',
  'sync:acted',
  'sync:confirmed',
  'effects done',
  'observing',
  // Anywhere: in the middle of a transaction, a Git process, an answer.
  'any moment',
] as const;

/** What became of the promotions of a run. */
export interface KillReport {
  /** Did not end, or left nothing outside. */
  lost: string[];
  /** Left something outside twice. */
  doubled: string[];
  /** Processes that ended before their point: the kill did not happen. */
  missed: string[];
  /** Milliseconds from the kill to the end of the promotion by another process. */
  recoveries: number[];
}

/** Kills a process at each point, many times, and has another go on. */
export class KillRun {
  readonly #scene: Scene;
  readonly #heir: KillScene;
  readonly #syncs: SyncStandIn;
  readonly #signal: AbortSignal;
  readonly #report: KillReport = {
    lost: [],
    doubled: [],
    missed: [],
    recoveries: [],
  };

  /** @param options.heir - the process that goes on: this one */
  constructor(options: {
    scene: Scene;
    heir: KillScene;
    syncs: SyncStandIn;
    signal: AbortSignal;
  }) {
    this.#scene = options.scene;
    this.#heir = options.heir;
    this.#syncs = options.syncs;
    this.#signal = options.signal;
  }

  async run(
    repeats: number,
    tell: (line: string) => void,
  ): Promise<KillReport> {
    const cases = points.flatMap((point, index) =>
      Array.from({ length: repeats }, (_, repeat) => ({
        point,
        component: `service-${index}-${repeat}`,
      })),
    );
    await this.#heir.git.createRepository(
      DEPLOYMENTS,
      Object.fromEntries(
        cases.map(({ component }) => [
          `${component}/overlays/staging/kustomization.yaml`,
          overlayOf(component),
        ]),
      ),
    );
    const recoveries: Array<Promise<void>> = [];
    let next = 0;
    let done = 0;
    const work = async () => {
      for (;;) {
        this.#signal.throwIfAborted();
        const one = cases[next];
        next += 1;
        if (!one) {
          return;
        }
        const id = await this.#heir.addPromotion(one.component);
        const killedAt = await this.#kill(id, one.point);
        // The next one is killed while the heir waits for this one's lease.
        recoveries.push(this.#recover(id, one, killedAt));
        done += 1;
        if (done % 10 === 0) {
          tell(`${done} of ${cases.length} killed`);
        }
      }
    };
    await Promise.all(
      Array.from({ length: Math.max(2, cpus().length) }, () => work()),
    );
    await Promise.all(recoveries);
    return this.#report;
  }

  /** @returns when it was killed; undefined when it ended before */
  async #kill(id: string, point: string): Promise<number | undefined> {
    const child = spawn(
      process.execPath,
      [
        ...process.execArgv,
        join(__dirname, 'victim.ts'),
        JSON.stringify(this.#scene),
        id,
        point === 'any moment'
          ? `after ${Math.floor(Math.random() * LATEST_MOMENT_MILLISECONDS)}`
          : point,
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const [, signal] = await this.#ended(child);
    return signal === 'SIGKILL' ? performance.now() : undefined;
  }

  async #ended(child: ChildProcess): Promise<[number | null, string | null]> {
    const stop = () => child.kill('SIGKILL');
    const timer = setTimeout(stop, LONGEST_VICTIM_MILLISECONDS);
    this.#signal.addEventListener('abort', stop);
    try {
      const [code, signal] = await once(child, 'exit');
      if (code !== null && code !== 0) {
        throw new Error(`A process that was to be killed ended with ${code}`);
      }
      return [code, signal];
    } finally {
      clearTimeout(timer);
      this.#signal.removeEventListener('abort', stop);
    }
  }

  async #recover(
    id: string,
    { point, component }: { point: string; component: string },
    killedAt: number | undefined,
  ): Promise<void> {
    const name = `${point}: ${component} (${id})`;
    const end = performance.now() + LONGEST_RECOVERY_MILLISECONDS;
    let promotion = await this.#heir.promotion(id);
    while (promotion?.endedAt === undefined && performance.now() < end) {
      this.#signal.throwIfAborted();
      await this.#heir.advance(id);
      promotion = await this.#heir.promotion(id);
      if (promotion?.endedAt === undefined) {
        await new Promise(resolve => setTimeout(resolve, 100));
      }
    }
    if (killedAt === undefined) {
      // A random moment may come too late; a label never does.
      if (point !== 'any moment') {
        this.#report.missed.push(name);
      }
    } else {
      this.#report.recoveries.push(performance.now() - killedAt);
    }
    const counts = await this.#counts(id, component);
    const wrong = Object.entries(counts).filter(([, count]) => count !== 1);
    if (promotion?.phase !== 'succeeded') {
      this.#report.lost.push(
        `${name} is ${promotion?.phase}: ${promotion?.reason}`,
      );
    } else if (wrong.some(([, count]) => count > 1)) {
      this.#report.doubled.push(`${name} ${JSON.stringify(counts)}`);
    } else if (wrong.length > 0) {
      this.#report.lost.push(`${name} ${JSON.stringify(counts)}`);
    }
  }

  /** How often each thing is there that has to be there once. */
  async #counts(id: string, component: string) {
    const commits = await this.#heir.git.service.log({
      ...DEPLOYMENTS,
      ref: 'main',
      limit: 100,
      path: component,
    });
    return this.#heir.database.inTenant(TENANT, async transaction => {
      const effects = await new EffectStore(transaction, TENANT).of(id);
      const deployments = await openStores(transaction, TENANT).deployments.of({
        component: `component:${TENANT}/${component}`,
      });
      const sync = effects.find(({ step }) => step === 'sync');
      return {
        // Besides the first, which made the folder.
        commits: commits.length - 1,
        marked: commits.filter(
          ({ trailers }) => trailers['Portico-Promotion'] === id,
        ).length,
        syncs: sync ? this.#syncs.countOf(sync.key) : 0,
        deployments: deployments.length,
      };
    });
  }
}
