import { type LoggerService } from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import { isEnd } from '@portico/plugin-promotions-common';
import { openStores } from '../store/openStores';
import { type StoredPromotion } from '../store/toPromotion';
import { engineActor } from './actor';
import {
  type EffectRunner,
  type GateAsker,
  type PipelineResolver,
  type Proposer,
} from './EngineParts';
import { GateRound } from './GateRound';
import { Gatekeeper } from './Gatekeeper';
import { Lease } from './Lease';
import { Performer } from './Performer';
import { type Progress } from './Progress';
import { isTrouble, troubleReason } from './trouble';
import { transit } from './transit';

/** What the engine is put together from. */
export interface EngineOptions {
  database: PorticoDatabase;
  logger: LoggerService;
  now: () => Date;
  resolver: PipelineResolver;
  proposer: Proposer;
  asker: GateAsker;
  runner: EffectRunner;
  /** How long a promotion waits for the heir of a killed engine. */
  leaseMilliseconds?: number;
}

const LEASE_MILLISECONDS = 10_000;
/** Failed tries of one step, one after the other, before the engine gives up. */
const MOST_ATTEMPTS = 8;
const LONGEST_PAUSE_MILLISECONDS = 60_000;
/** Everything is looked at this often, whatever was asked for. */
const LONGEST_WAIT_MILLISECONDS = 5 * 60_000;
/** Steps in one go; whatever is due then is found again. */
const MOST_STEPS = 30;

/**
 * Moves promotions on: it looks at one, does at most one thing outside, and then makes at
 * most one transition. It keeps nothing in memory, so it can be killed at any instant, and
 * any number of engines can work on the same tables.
 */
export class PromotionEngine {
  readonly #options: EngineOptions;
  readonly #gatekeeper: Gatekeeper;
  readonly #performer: Performer;
  readonly #lease: number;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#lease = options.leaseMilliseconds ?? LEASE_MILLISECONDS;
    const round = new GateRound(options);
    const { database, now } = options;
    this.#gatekeeper = new Gatekeeper({ database, now, round });
    this.#performer = new Performer({ ...options, round });
  }

  /** Moves a promotion on as far as it goes now. Nothing happens while another engine has it. */
  async advance(address: { tenant: string; id: string }): Promise<void> {
    const { database, now } = this.#options;
    for (let turn = 0; turn < MOST_STEPS; turn += 1) {
      const lease = await Lease.take(database, address, this.#lease);
      if (!lease) {
        return;
      }
      let due: boolean;
      try {
        await this.#advanceLeased(address, lease);
      } finally {
        due = await lease.release(now());
      }
      if (!due) {
        return;
      }
    }
  }

  async #advanceLeased(
    address: { tenant: string; id: string },
    lease: Lease,
  ): Promise<void> {
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const was = await this.#read(address);
      if (!was || isEnd(was.promotion.phase) || !this.#isDue(was)) {
        return;
      }
      const progress = await this.#look(address.tenant, was, lease.lost);
      if (lease.lost.aborted) {
        return;
      }
      const goesOn = await this.#apply(address.tenant, was, progress);
      if (!goesOn) {
        return;
      }
    }
  }

  async #look(
    tenant: string,
    was: StoredPromotion,
    lost: AbortSignal,
  ): Promise<Progress> {
    try {
      return (
        this.#expiry(was) ??
        (was.promotion.phase === 'running' ||
        was.promotion.phase === 'verifying'
          ? await this.#performer.look(tenant, was, lost)
          : await this.#gatekeeper.look(tenant, was, lost))
      );
    } catch (error) {
      if (lost.aborted) {
        return { kind: 'wait', reason: was.promotion.reason };
      }
      return this.#trouble(was, error);
    }
  }

  /** @returns whether there may be more to do at once */
  async #apply(
    tenant: string,
    was: StoredPromotion,
    progress: Progress,
  ): Promise<boolean> {
    const { database, now } = this.#options;
    const at = now();
    const latest = new Date(at.getTime() + LONGEST_WAIT_MILLISECONDS);
    return database.inTenant(tenant, async transaction => {
      const stores = openStores(transaction, tenant);
      if (progress.kind === 'wait') {
        const dueAt = earliest(latest, progress.until, expiryOf(was));
        const waits = await stores.promotions.wait(was, {
          reason: progress.reason,
          dueAt,
          attempts: progress.attempts ?? 0,
        });
        if (waits) {
          await progress.keep?.(stores);
        }
        return !waits || dueAt <= at;
      }
      if (progress.unless && (await progress.unless(stores))) {
        return true;
      }
      const dueAt = progress.until && earliest(latest, progress.until);
      const moved = await transit(stores, was, {
        event: progress.event,
        reason: progress.reason,
        at,
        by: engineActor(tenant, was.promotion),
        dueAt: dueAt ?? at,
        // this engine goes on itself; the job is for its heir
        jobAt: dueAt ?? new Date(at.getTime() + this.#lease),
        ...progress.more,
      });
      if (moved) {
        await progress.keep?.(stores);
      }
      return !moved || dueAt === undefined || dueAt <= at;
    });
  }

  async #read(address: {
    tenant: string;
    id: string;
  }): Promise<StoredPromotion | undefined> {
    return this.#options.database.inTenant(address.tenant, transaction =>
      openStores(transaction, address.tenant).promotions.get(address.id),
    );
  }

  /** A time further off than is ever waited for comes from a clock that was put back. */
  #isDue({ dueAt }: StoredPromotion): boolean {
    const wait = (dueAt?.getTime() ?? 0) - this.#options.now().getTime();
    return wait <= 0 || wait > 2 * LONGEST_WAIT_MILLISECONDS;
  }

  #expiry(was: StoredPromotion): Progress | undefined {
    const ends = expiryOf(was);
    return ends && ends <= this.#options.now()
      ? {
          kind: 'go',
          event: 'expire',
          reason: `Nobody let it through in time. At the end: ${was.promotion.reason}`,
        }
      : undefined;
  }

  #trouble(was: StoredPromotion, error: unknown): Progress {
    const { id, phase } = was.promotion;
    const reason = troubleReason(error);
    if (!isTrouble(error)) {
      this.#options.logger.error(
        `The promotion ${id} met an unexpected error while ${phase}`,
        isError(error) ? error : new Error(String(error)),
      );
    }
    const attempts = was.attempts + 1;
    if (attempts >= MOST_ATTEMPTS) {
      return {
        kind: 'go',
        event: 'giveUp',
        reason: `Tried ${attempts} times. ${reason}`,
      };
    }
    const pause = Math.min(
      1000 * 2 ** was.attempts,
      LONGEST_PAUSE_MILLISECONDS,
    );
    return {
      kind: 'wait',
      reason: `Tries again (${attempts} of ${MOST_ATTEMPTS}). ${reason}`,
      until: new Date(this.#options.now().getTime() + pause),
      attempts,
    };
  }
}

/** What has begun does not expire. */
function expiryOf({ promotion }: StoredPromotion): Date | undefined {
  return promotion.phase === 'running' || promotion.phase === 'verifying'
    ? undefined
    : new Date(promotion.expiresAt);
}

function earliest(first: Date, ...others: Array<Date | undefined>): Date {
  return others.reduce<Date>(
    (found, other) => (other && other < found ? other : found),
    first,
  );
}
