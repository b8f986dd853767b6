import { ConflictError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import { parse } from '@portico/http-api';
import { appendAudit } from '@portico/plugin-audit-node';
import {
  isEnd,
  type Promotion,
  type SteerRollout,
  steerRolloutSchema,
} from '@portico/plugin-promotions-common';
import { promotionsAuditActs } from '../auditActs';
import { enqueueAdvance } from '../engine/transit';
import { openStores } from '../store/openStores';
import { assertPerson } from './assertPerson';
import { lockedPromotion } from './lockedPromotion';
import { type VotingActor } from './PromotionService';

/** What people ask of a rollout; the engine does it. */
export class RolloutActs {
  readonly #database: PorticoDatabase;
  readonly #now: () => Date;

  constructor(options: { database: PorticoDatabase; now: () => Date }) {
    this.#database = options.database;
    this.#now = options.now;
  }

  async steer(
    { promotion: id, ...asked }: { promotion: string } & SteerRollout,
    by: VotingActor,
  ): Promise<Promotion> {
    assertPerson(by, 'steer a rollout');
    const wish = parse(steerRolloutSchema, asked, 'The wish');
    const at = this.#now();
    return this.#database.inTenant(by.tenant, async transaction => {
      const stores = openStores(transaction, by.tenant);
      const { promotion } = await lockedPromotion(stores, id);
      assertRollsOut(promotion);
      const { component, environment, phase, revision } = promotion;
      const { action, rollout, reason } = wish;
      if (await stores.rolloutActs.add(id, { ...wish, by: by.ref, at })) {
        await appendAudit(transaction, {
          chain: by.tenant,
          act: promotionsAuditActs.steerRollout,
          context: by.context,
          subject: { kind: 'promotion', ref: id },
          correlation: id,
          reason,
          details: { component, environment, action, rollout },
        });
        await stores.history.addEvent(
          { type: 'promotion', id, component, environment, phase, revision },
          at,
        );
        await stores.promotions.stir(id, at);
        await enqueueAdvance(stores, id, at);
      }
      return promotion;
    });
  }
}

/** @throws ConflictError before it has begun, and when it is over */
function assertRollsOut({ phase }: Promotion): void {
  if (phase === 'running') {
    return;
  }
  throw new ConflictError(
    isEnd(phase) || phase === 'verifying'
      ? 'The rollout is over: ask for a promotion or a rollback instead'
      : 'The promotion has not begun: there is nothing to steer yet',
  );
}
