import { type PorticoDatabase } from '@portico/database';
import {
  type DeliveryProgress,
  isEnd,
  promotionRequestPermission,
  type RolloutOfPromotion,
} from '@portico/plugin-promotions-common';
import { type DeliveryDrivers } from '../effects/DeliveryDrivers';
import { deliveryTarget } from '../effects/deliveryTarget';
import { openStores } from '../store/openStores';
import { type StoredPromotion } from '../store/toPromotion';
import { type MayFacts } from './mayDo';

const FRESH_MILLISECONDS = 3_000;
const MOST_KEPT = 1_000;

/** Tells how what a promotion declared comes to run, and what people asked of it. */
export class RolloutQuery {
  readonly #database: PorticoDatabase;
  readonly #drivers: Pick<DeliveryDrivers, 'progress'>;
  readonly #now: () => Date;
  /** Many look at one rollout: it is asked for once in some seconds. */
  readonly #kept = new Map<
    string,
    { at: number; progress: Promise<DeliveryProgress | undefined> }
  >();

  constructor(options: {
    database: PorticoDatabase;
    drivers: Pick<DeliveryDrivers, 'progress'>;
    now: () => Date;
  }) {
    this.#database = options.database;
    this.#drivers = options.drivers;
    this.#now = options.now;
  }

  /** Undefined when the tenant has no such promotion. */
  async get(
    address: { tenant: string; id: string },
    caller: MayFacts['caller'],
  ): Promise<RolloutOfPromotion | undefined> {
    const { tenant, id } = address;
    const read = await this.#database.inTenant(tenant, async transaction => {
      const stores = openStores(transaction, tenant);
      const stored = await stores.promotions.get(id);
      return stored && { stored, acts: await stores.rolloutActs.of(id) };
    });
    if (!read) {
      return undefined;
    }
    const { stored, acts } = read;
    const isOver = isEnd(stored.promotion.phase);
    // What runs later is of another promotion.
    const progress = isOver ? undefined : await this.#progress(tenant, stored);
    return {
      ...(progress && { progress }),
      acts: acts.map(({ seen: _, ...act }) => ({
        ...act,
        state: act.state === 'asked' && isOver ? 'lapsed' : act.state,
      })),
      maySteer: maySteer(stored, caller),
    };
  }

  #progress(
    tenant: string,
    { promotion, stage }: StoredPromotion,
  ): Promise<DeliveryProgress | undefined> {
    const key = `${tenant} ${promotion.id}`;
    const at = this.#now().getTime();
    const kept = this.#kept.get(key);
    if (kept && at - kept.at < FRESH_MILLISECONDS) {
      return kept.progress;
    }
    const progress = this.#drivers.progress(
      deliveryTarget(tenant, promotion, stage),
    );
    this.#kept.delete(key);
    this.#kept.set(key, { at, progress });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) {
      this.#kept.delete(oldest);
    }
    return progress;
  }
}

function maySteer(
  { promotion }: StoredPromotion,
  { kind, holds }: MayFacts['caller'],
): RolloutOfPromotion['maySteer'] {
  const no = (why: string) => ({ allowed: false, why });
  if (kind !== 'person') {
    return no('A machine does not decide for people.');
  }
  if (!holds.has(promotionRequestPermission.name)) {
    return no(
      `You do not hold the permission ${promotionRequestPermission.name}.`,
    );
  }
  return promotion.phase === 'running'
    ? {
        allowed: true,
        why: 'It is under way; what lets more in is asked of the gates again.',
      }
    : no('It is not under way.');
}
