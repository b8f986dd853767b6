import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { type Promotion } from '@portico/plugin-promotions-common';
import { EffectStore } from '../../effects/EffectStore';
import { openStores } from '../../store/openStores';
import {
  DEPLOYMENTS,
  ENVIRONMENT,
  type KillScene,
  overlayOf,
  type Scene,
  TENANT,
  type Way,
} from './KillScene';
import { type ForgeStandIn } from './ForgeStandIn';
import { type SyncStandIn } from './SyncStandIn';

const LONGEST_RECOVERY_MILLISECONDS = 120_000;
const LONGEST_VICTIM_MILLISECONDS = 120_000;
/** A process needs about this long from its first step to its last. */
const LATEST_MOMENT_MILLISECONDS = 1_500;

/** In the middle of a transaction, a Git process, an answer. */
const ANY_MOMENT = 'any moment';

/** Labelled points on each way of a promotion, in their order. */
const pointsOf: Record<Way, readonly string[]> = {
  commit: [
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
    ANY_MOMENT,
  ],
  pullRequest: [
    'branch:sent',
    'branch:looked',
    'branch:acted',
    'branch:confirmed',
    'pullRequest:sent',
    'pullRequest:looked',
    'pullRequest:acted',
    'pullRequest:confirmed',
    'status:sent',
    'status:acted',
    'status:confirmed',
    'merge:sent',
    'asked to merge',
    'merge:looked',
    'merge:acted',
    'merge:confirmed',
    ANY_MOMENT,
  ],
  rollback: [
    'observing',
    'taken back',
    'back, proposed',
    'back, begun',
    'back, commit:looked',
    'back, commit:acted',
    'back, sync:acted',
    'back, observing',
  ],
};

/** Where a process is killed, and on which way. */
interface KillCase {
  way: Way;
  point: string;
  component: string;
}

const ways: readonly Way[] = ['commit', 'pullRequest', 'rollback'];
const places = ways.flatMap(way =>
  pointsOf[way].map(point => ({ way, point })),
);

/** How many points there are. */
export const pointCount = places.length;

/** The overlays of the components of all that is killed. */
export function overlaysOf(repeats: number): Record<string, string> {
  return Object.fromEntries(
    casesOf(repeats).map(({ component }) => [
      `${component}/overlays/${ENVIRONMENT}/kustomization.yaml`,
      overlayOf(component),
    ]),
  );
}

function casesOf(repeats: number): KillCase[] {
  return places.flatMap(({ way, point }, index) =>
    Array.from({ length: repeats }, (_, repeat) => ({
      way,
      point,
      component: `service-${index}-${repeat}`,
    })),
  );
}

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
  readonly #forge: ForgeStandIn;
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
    forge: ForgeStandIn;
    signal: AbortSignal;
  }) {
    this.#scene = options.scene;
    this.#heir = options.heir;
    this.#syncs = options.syncs;
    this.#forge = options.forge;
    this.#signal = options.signal;
  }

  async run(
    repeats: number,
    tell: (line: string) => void,
  ): Promise<KillReport> {
    const cases = casesOf(repeats);
    await this.#heir.git.createRepository(DEPLOYMENTS, overlaysOf(repeats));
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
        const id = await this.#heir.addPromotion(one.component, one.way);
        const killedAt = await this.#kill(id, one.point);
        // The next one is killed while the heir waits for this one's lease.
        const recovery = this.#recover(id, one, killedAt);
        // Whoever waits for all of them hears of it.
        recovery.catch(() => {});
        recoveries.push(recovery);
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
        point === ANY_MOMENT
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
    { way, point, component }: KillCase,
    killedAt: number | undefined,
  ): Promise<void> {
    const name = `${way}, ${point}: ${component} (${id})`;
    const end = performance.now() + LONGEST_RECOVERY_MILLISECONDS;
    let promotion = await this.#lastOf(id);
    while (promotion?.endedAt === undefined && performance.now() < end) {
      this.#signal.throwIfAborted();
      await this.#heir.advance(promotion?.id ?? id);
      promotion = await this.#lastOf(id);
      if (promotion?.endedAt === undefined) {
        await new Promise(resolve => setTimeout(resolve, 100));
      }
    }
    if (killedAt === undefined) {
      // A random moment may come too late; a label never does.
      if (point !== ANY_MOMENT) {
        this.#report.missed.push(name);
      }
    } else {
      this.#report.recoveries.push(performance.now() - killedAt);
    }
    const ids = [...new Set([id, promotion?.id ?? id])];
    const counts = await this.#counts(ids, component, way);
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

  /** A promotion, or the one that brings back what ran before it. */
  async #lastOf(id: string): Promise<Promotion | undefined> {
    const promotion = await this.#heir.promotion(id);
    return promotion?.supersededBy
      ? this.#heir.promotion(promotion.supersededBy)
      : promotion;
  }

  /**
   * How often each thing is there that has to be there once.
   *
   * @param ids - of the promotion, and of the one that brought back what ran before
   */
  async #counts(ids: readonly string[], component: string, way: Way) {
    const [id] = ids;
    const written =
      way === 'pullRequest'
        ? this.#inForge(id, component)
        : await this.#inGit(ids, component);
    return this.#heir.database.inTenant(TENANT, async transaction => {
      const store = new EffectStore(transaction, TENANT);
      const syncs: Record<string, number> = {};
      for (const [index, one] of ids.entries()) {
        const sync = (await store.of(one)).find(({ step }) => step === 'sync');
        syncs[`syncs ${index + 1}`] = sync ? this.#syncs.countOf(sync.key) : 0;
      }
      const deployments = await openStores(transaction, TENANT).deployments.of({
        component: `component:${TENANT}/${component}`,
      });
      return {
        ...written,
        ...syncs,
        // Besides what ran before, and what failed.
        deployments: deployments.length - (way === 'rollback' ? 2 : 0),
      };
    });
  }

  async #inGit(ids: readonly string[], component: string) {
    const commits = await this.#heir.git.service.log({
      ...DEPLOYMENTS,
      ref: 'main',
      limit: 100,
      path: component,
    });
    const marked = ids.map((id, index): [string, number] => [
      `marked ${index + 1}`,
      commits.filter(({ trailers }) => trailers['Portico-Promotion'] === id)
        .length,
    ]);
    return {
      // The first made the folder; one for each.
      commits: commits.length - ids.length,
      ...Object.fromEntries(marked),
    };
  }

  #inForge(id: string, component: string) {
    const { branches, commits, opened } = this.#forge.forge;
    const own = opened.filter(({ branch }) => branch.endsWith(`/${id}`));
    const path = `${component}/overlays/${ENVIRONMENT}/kustomization.yaml`;
    const main = commits.get(branches.get('main') ?? '');
    return {
      marked: [...commits.values()].filter(
        ({ trailers }) => trailers['Portico-Promotion'] === id,
      ).length,
      pullRequests: own.length,
      merges: [...commits.values()].filter(({ parents, message }) =>
        own.some(
          ({ id: number }) =>
            parents.length > 1 && message === `Merge ${number}`,
        ),
      ).length,
      written: main?.files[path]?.includes('digest: sha256:') ? 1 : 0,
    };
  }
}
