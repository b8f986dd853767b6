import { ConflictError, InputError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import { parse } from '@portico/http-api';
import { appendAudit } from '@portico/plugin-audit-node';
import {
  approvalGateOptionsSchema,
  type CastVote,
  castVoteSchema,
  type Promotion,
} from '@portico/plugin-promotions-common';
import { promotionsAuditActs } from '../auditActs';
import { enqueueAdvance, transit } from '../engine/transit';
import { openStores, type Stores } from '../store/openStores';
import { type StoredPromotion } from '../store/toPromotion';
import { assertPerson } from './assertPerson';
import { assertNotBegun, lockedPromotion } from './lockedPromotion';
import { type VotingActor } from './PromotionService';

const reasonOf: Record<CastVote['decision'], string> = {
  approve: 'Somebody approved it',
  reject: 'Somebody rejected it',
  withdraw: 'Somebody withdrew a vote',
};

/** Votes: kept whoever casts them; which of them count is up to the gates. */
export class PromotionVotes {
  readonly #database: PorticoDatabase;
  readonly #now: () => Date;

  constructor(options: { database: PorticoDatabase; now: () => Date }) {
    this.#database = options.database;
    this.#now = options.now;
  }

  async cast(
    { promotion: id, ...cast }: { promotion: string } & CastVote,
    by: VotingActor,
  ): Promise<Promotion> {
    const vote = parse(castVoteSchema, cast, 'The vote');
    assertPerson(by, 'vote');
    const at = this.#now();
    return this.#database.inTenant(by.tenant, async transaction => {
      const stores = openStores(transaction, by.tenant);
      const was = await lockedPromotion(stores, id);
      assertNotBegun(was.promotion, 'be voted on');
      assertAsked(was, vote);
      await assertShown(stores, was, vote, by);
      await stores.votes.add({
        promotion: id,
        voter: by.ref,
        decision: vote.decision,
        subject: vote.subject,
        at: at.toISOString(),
        ...(vote.representing && { representing: vote.representing }),
        ...(vote.comment && { comment: vote.comment }),
        ...(by.authTime && { authenticatedAt: by.authTime.toISOString() }),
        belongedTo: by.belongsTo,
      });
      await appendAudit(transaction, {
        chain: by.tenant,
        act: promotionsAuditActs.castVote,
        context: by.context,
        subject: { kind: 'promotion', ref: id },
        correlation: id,
        ...(vote.comment && { reason: vote.comment }),
        details: {
          decision: vote.decision,
          subject: vote.subject,
          ...(vote.representing && { representing: vote.representing }),
        },
      });
      await askAgain(stores, was, {
        reason: reasonOf[vote.decision],
        at,
        by,
      });
      return (await lockedPromotion(stores, id)).promotion;
    });
  }
}

/** Voids what the gates said so far, and has them asked again now. */
export async function askAgain(
  stores: Stores,
  was: StoredPromotion,
  why: { reason: string; at: Date; by: VotingActor },
): Promise<void> {
  const { id, phase } = was.promotion;
  await stores.promotions.stir(id, why.at);
  if (phase === 'waiting') {
    await transit(stores, was, { event: 'evaluate', ...why });
  } else {
    await enqueueAdvance(stores, id, why.at);
  }
}

function assertAsked(
  { stage }: StoredPromotion,
  { representing }: CastVote,
): void {
  const gates = stage.gates.filter(({ kind }) => kind === 'approval');
  if (gates.length === 0) {
    throw new ConflictError('No gate of this promotion asks for approvals');
  }
  const rules = gates.flatMap(({ options }) =>
    approvalGateOptionsSchema.parse(options).rules.map(({ name }) => name),
  );
  if (representing !== undefined && !rules.includes(representing)) {
    throw new InputError(
      `No rule is called "${representing}"; there is ${rules.join(', ')}`,
    );
  }
}

/** A vote is on what the voter saw, which must be what would be done. */
async function assertShown(
  stores: Stores,
  { promotion }: StoredPromotion,
  { decision, subject }: CastVote,
  { ref }: VotingActor,
): Promise<void> {
  if (promotion.subject !== subject) {
    throw new ConflictError(
      promotion.subject
        ? 'What would be done has changed since it was shown: look at it again and then vote'
        : 'What would be done is still being worked out: vote in a moment',
    );
  }
  if (decision !== 'withdraw') {
    return;
  }
  const votes = await stores.votes.of(promotion.id);
  const last = votes
    .filter(vote => vote.voter === ref && vote.subject === subject)
    .at(-1);
  if (!last || last.decision === 'withdraw') {
    throw new ConflictError('There is no vote of yours to withdraw');
  }
}
