import { type PorticoDatabase } from '@portico/database';
import { openStores, type Stores } from '../store/openStores';
import { type StoredPromotion } from '../store/toPromotion';
import { type GateRound, type GateRoundResult } from './GateRound';
import { type Progress } from './Progress';
import { isForPeople, troubleReason } from './trouble';
import { withinTime } from './withinTime';

const LONGEST_ROUND_MILLISECONDS = 120_000;
const ASK_AGAIN_MILLISECONDS = 60_000;
/** Whoever ends wakes those who wait for their turn; this is for when that is missed. */
const TURN_MILLISECONDS = 5_000;

/** Looks at promotions that have not begun. */
export class Gatekeeper {
  readonly #database: PorticoDatabase;
  readonly #now: () => Date;
  readonly #round: GateRound;

  constructor(options: {
    database: PorticoDatabase;
    now: () => Date;
    round: GateRound;
  }) {
    this.#database = options.database;
    this.#now = options.now;
    this.#round = options.round;
  }

  async look(
    tenant: string,
    was: StoredPromotion,
    lost: AbortSignal,
  ): Promise<Progress> {
    const { phase } = was.promotion;
    if (phase === 'pending') {
      return { kind: 'go', event: 'evaluate', reason: 'Its gates are asked' };
    }
    if (phase === 'waiting') {
      return this.#lookAtWaiting(tenant, was, lost);
    }
    return phase === 'ready'
      ? this.#lookAtReady(tenant, was, lost)
      : this.#lookAtEvaluating(tenant, was, lost);
  }

  async #lookAtEvaluating(
    tenant: string,
    was: StoredPromotion,
    lost: AbortSignal,
  ): Promise<Progress> {
    const round = await this.#ask(tenant, was, 'asked', lost);
    if (typeof round === 'string') {
      return {
        kind: 'go',
        event: 'gatesWait',
        reason: round,
        until: this.#later(ASK_AGAIN_MILLISECONDS),
      };
    }
    const { verdict } = round;
    const common = {
      kind: 'go' as const,
      reason: verdict.reason,
      more: { unlessNews: true },
      keep: this.#keep(was, round, { all: false, isToldAlready: true }),
    };
    switch (verdict.outcome) {
      case 'passed':
        return { ...common, event: 'gatesPass' };
      case 'refused':
        return { ...common, event: 'gateRefuses' };
      case 'rejected':
        return { ...common, event: 'reject' };
      case 'waiting':
        return {
          ...common,
          event: 'gatesWait',
          until: verdict.askAgainAt ?? this.#later(ASK_AGAIN_MILLISECONDS),
        };
      default:
        return verdict.outcome satisfies never;
    }
  }

  /**
   * Time passed, or somebody voted. Asking again and hearing the same is no transition, so
   * that a promotion that waits for days has no thousands of them.
   */
  async #lookAtWaiting(
    tenant: string,
    was: StoredPromotion,
    lost: AbortSignal,
  ): Promise<Progress> {
    const round = await this.#ask(tenant, was, 'asked', lost);
    if (typeof round === 'string') {
      return {
        kind: 'wait',
        reason: round,
        until: this.#later(ASK_AGAIN_MILLISECONDS),
      };
    }
    const { verdict } = round;
    return verdict.outcome === 'waiting'
      ? {
          kind: 'wait',
          reason: verdict.reason,
          until: verdict.askAgainAt ?? this.#later(ASK_AGAIN_MILLISECONDS),
          keep: this.#keep(was, round, { all: false, isToldAlready: false }),
        }
      : {
          kind: 'go',
          event: 'evaluate',
          reason: 'A gate says something else now',
        };
  }

  /** Right before the first effect everything is worked out and asked once more. */
  async #lookAtReady(
    tenant: string,
    was: StoredPromotion,
    lost: AbortSignal,
  ): Promise<Progress> {
    const { promotion } = was;
    const acting = await this.#database.inTenant(tenant, transaction =>
      openStores(transaction, tenant).promotions.actingOn(promotion),
    );
    if (acting) {
      return {
        kind: 'wait',
        reason: `Waits for its turn: another promotion is changing ${promotion.environment}`,
        until: this.#later(TURN_MILLISECONDS),
      };
    }
    const round = await this.#ask(tenant, was, 'beforeEffects', lost);
    if (typeof round === 'string') {
      return { kind: 'go', event: 'evaluate', reason: round };
    }
    const { digest, verdict } = round;
    if (digest !== promotion.subject) {
      return {
        kind: 'go',
        event: 'evaluate',
        reason: 'What would be written has changed since its gates passed',
        keep: this.#keep(was, round, { all: true, isToldAlready: true }),
      };
    }
    if (verdict.outcome !== 'passed') {
      return {
        kind: 'go',
        event: 'evaluate',
        reason: `A gate says something else right before the beginning. ${verdict.reason}`,
        keep: this.#keep(was, round, { all: true, isToldAlready: true }),
      };
    }
    return {
      kind: 'go',
      event: 'begin',
      reason: verdict.reason,
      more: { unlessNews: true, overridden: verdict.overridden },
      unless: async stores =>
        !(await this.#round.stands(stores, round)) ||
        (await this.#isTaken(stores, was)),
      keep: this.#keep(was, round, { all: true, isToldAlready: true }),
    };
  }

  /** The index on acting promotions would refuse it too, but with an error. */
  async #isTaken(
    stores: Stores,
    { promotion }: StoredPromotion,
  ): Promise<boolean> {
    await stores.promotions.lockTarget(promotion);
    return (await stores.promotions.actingOn(promotion)) !== undefined;
  }

  /** @returns why nothing can be asked, where only people can help */
  async #ask(
    tenant: string,
    was: StoredPromotion,
    moment: 'asked' | 'beforeEffects',
    lost: AbortSignal,
  ): Promise<GateRoundResult | string> {
    try {
      return await withinTime(
        'Asking the gates',
        LONGEST_ROUND_MILLISECONDS,
        lost,
        () => this.#round.ask(tenant, was, moment, this.#now()),
      );
    } catch (error) {
      if (isForPeople(error)) {
        return troubleReason(error);
      }
      throw error;
    }
  }

  #keep(
    was: StoredPromotion,
    round: GateRoundResult,
    options: { all: boolean; isToldAlready: boolean },
  ) {
    return (stores: Stores) =>
      this.#round.keep(stores, was, round, { now: this.#now(), ...options });
  }

  #later(milliseconds: number): Date {
    return new Date(this.#now().getTime() + milliseconds);
  }
}
